"""same.py: where two values differ that were read out of YAML or JSON. For the scripts that compare what others make of our output."""


def difference(a, b, ordered=False, path=""):
    """The first place where they differ, as text; None when they are the same. Types count, the order of keys when `ordered`."""
    if type(a) is not type(b):
        return f"{path}: {a!r} ({type(a).__name__}) and {b!r} ({type(b).__name__})"
    if isinstance(a, dict):
        if set(a) != set(b):
            return f"{path}: only one has {sorted(set(a) ^ set(b), key=str)}"
        if ordered and list(a) != list(b):
            return f"{path}: keys in another order"
        return next(filter(None, (difference(a[k], b[k], ordered, f"{path}.{k}") for k in a)), None)
    if isinstance(a, list):
        if len(a) != len(b):
            return f"{path}: {len(a)} and {len(b)} items"
        return next(filter(None, (difference(x, y, ordered, f"{path}[{i}]") for i, (x, y) in enumerate(zip(a, b)))), None)
    return None if a == b else f"{path}: {a!r} and {b!r}"
