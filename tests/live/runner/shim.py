"""Runs inside new namespaces, and becomes a container's process. Started by containers.py; standard library only, so that it
starts quickly. `shim.py run SPEC` makes the root and execs; `shim.py exec PID SPEC` joins a running container;
`shim.py client PID SPEC` joins the network of a pod, keeping the machine's files (for clients and tools)."""
import ctypes
import json
import os
import signal
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
CLONE_NEWNS, CLONE_NEWPID, MNT_DETACH = 0x20000, 0x20000000, 2
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 1, 38, 24


def call(name, *args):
    """A libc function; its failure is an OSError."""
    if getattr(LIBC, name)(*args) < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}{args}: {os.strerror(code)}")


def mount(source, target, kind=None, flags=0, data=None):
    text = [None if x is None else x.encode() for x in (source, target, kind, data)]
    call("mount", text[0], text[1], text[2], ctypes.c_ulong(flags), text[3])


def bind(source, target, read_only):
    mount(source, target, None, MS_BIND | MS_REC)
    if read_only:
        mount(None, target, None, MS_REMOUNT | MS_BIND | MS_RDONLY)


def point(target, source):
    """The place that a mount covers, made as the container runtime makes it."""
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if not os.path.exists(target):
            open(target, "w").close()


def make_root(spec):
    """An overlay of the image's folders and a scratch layer, as containerd makes it; read-only at the end when asked."""
    scratch = spec["scratch"]
    mount("tmpfs", scratch, "tmpfs", 0, "mode=755")
    for name in ("upper", "work", "root"):
        os.mkdir(f"{scratch}/{name}", 0o755)
    root = f"{scratch}/root"
    layers = ":".join(spec["layers"])
    mount("overlay", root, "overlay", 0, f"lowerdir={layers},upperdir={scratch}/upper,workdir={scratch}/work")
    for source, target in spec["machine"]:
        point(root + target, source)
        bind(source, root + target, True)
    os.makedirs(f"{root}/proc", exist_ok=True)
    mount("proc", f"{root}/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    make_devices(root)
    for m in spec["mounts"]:
        point(root + m["target"], m["source"])
        bind(m["source"], root + m["target"], m["read_only"])
    if spec["read_only_root"]:
        mount(None, root, None, MS_REMOUNT | MS_RDONLY)
    return root


def make_devices(root):
    os.makedirs(f"{root}/dev", exist_ok=True)
    mount("tmpfs", f"{root}/dev", "tmpfs", MS_NOSUID, "mode=755,size=64k")
    for name in ("null", "zero", "full", "random", "urandom", "tty"):
        open(f"{root}/dev/{name}", "w").close()
        bind(f"/dev/{name}", f"{root}/dev/{name}", False)
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
                         ("stderr", "/proc/self/fd/2")):
        os.symlink(target, f"{root}/dev/{name}")
    os.mkdir(f"{root}/dev/shm")
    mount("shm", f"{root}/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=1777,size=64m")


def enter_root(root):
    os.chdir(root)
    call("pivot_root", b".", b".")
    call("umount2", b".", MNT_DETACH)
    os.chdir("/")


def become(spec):
    """Numeric user and groups, no capabilities, no new privileges; then the command."""
    for capability in range(64):
        LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.setgroups(spec["groups"])
    os.setresgid(spec["gid"], spec["gid"], spec["gid"])
    os.setresuid(spec["uid"], spec["uid"], spec["uid"])
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    os.umask(0o022)
    os.chdir(spec["cwd"])
    name = spec["argv"][0]
    folders = [""] if "/" in name else spec["env"].get("PATH", "/usr/bin:/bin").split(":")
    for folder in folders:  # by hand: what os.execvp imports is not in this root
        try:
            os.execve(f"{folder}/{name}" if folder else name, spec["argv"], spec["env"])
        except FileNotFoundError:
            pass
        except OSError as e:
            os.write(2, f"cannot run {name}: {e}\n".encode())
            os._exit(126)
    os.write(2, f"there is no {name} in the image\n".encode())
    os._exit(127)


def join_cgroups(spec):
    for folder in spec["cgroups"]:
        with open(f"{folder}/cgroup.procs", "w") as f:
            f.write("0")


def fork_into_new_spaces():
    """The child goes on as the first process of its own pid and mount namespaces; this one ends as the child ends."""
    call("unshare", CLONE_NEWNS | CLONE_NEWPID)
    child = os.fork()
    if child == 0:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        mount(None, "/", None, MS_PRIVATE | MS_REC)
        return
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.waitstatus_to_exitcode(status) & 0xff)


def run(spec):
    join_cgroups(spec)
    fork_into_new_spaces()
    enter_root(make_root(spec))
    become(spec)


def join(pid, kinds):
    """Opens everything first: after the first setns the paths may be gone."""
    spaces = [os.open(f"/proc/{pid}/ns/{kind}", os.O_RDONLY) for kind in kinds]
    root = os.open(f"/proc/{pid}/root", os.O_RDONLY)
    for fd in spaces:
        call("setns", fd, 0)
    return root


def execute(pid, spec):
    """A process beside the container's own. It dies with this one, which the runner kills when its time is over."""
    join_cgroups(spec)
    os.fchdir(join(pid, ("ipc", "uts", "net", "pid", "mnt")))
    child = os.fork()
    if child == 0:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        os.chroot(".")
        become(spec)
    status = os.waitpid(child, 0)[1]
    os._exit(os.waitstatus_to_exitcode(status) & 0xff)


def client(pid, spec):
    join(pid, ("net", "uts"))
    call("unshare", CLONE_NEWNS)
    mount(None, "/", None, MS_PRIVATE | MS_REC)
    for source, target in spec["binds"]:
        bind(source, target, True)
    os.execvpe(spec["argv"][0], spec["argv"], dict(os.environ, **spec["env"]))


def main():
    mode, rest = sys.argv[1], sys.argv[2:]
    with open(rest[-1]) as f:
        spec = json.load(f)
    if mode == "run":
        run(spec)
    elif mode == "exec":
        execute(int(rest[0]), spec)
    else:
        client(int(rest[0]), spec)


main()
