"""What a secured scenario brings along. Before anything runs, ../prepare/<script> fills a folder: what a person would have made before
`kubectl apply` (objects/*.yaml: Secrets, a token issuer), and how clients log in (clients/<name>.properties, for kcat <name>.kcat)."""
import glob
import os
import shutil
import subprocess

import yaml

from .system import LIVE, Failed


def folder_of(run_folder):
    return f"{run_folder}/made"


def make(about, description, gregor, run_folder):
    """Runs the scenario's script, if it has one, in a fresh folder. Everything random or expiring is made here, anew each time."""
    script, folder = about.get("prepare"), folder_of(run_folder)
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("objects", "clients"):
        os.makedirs(f"{folder}/{name}")
    if script is not None:
        prepare(script, description, gregor, run_folder)


def prepare(script, description, gregor, run_folder, arguments=()):
    """Runs a script in the folder as it is, with arguments behind the description's path."""
    env = {**os.environ, "GREGOR": os.path.abspath(gregor)}
    command = ["bash", f"{LIVE}/prepare/{script}", f"{LIVE}/scenarios/{description}.yaml", *arguments]
    done = subprocess.run(command, cwd=folder_of(run_folder), env=env, text=True, capture_output=True)
    if done.returncode != 0:
        raise Failed(f"prepare/{script} {' '.join(arguments)}: {done.stderr.strip()[-500:]}")


def sources(description, run_folder):
    """The words of `gregor build` for a description: with files of its own a copy beside them, whose Secrets become objects."""
    copy = f"{folder_of(run_folder)}/{description}.yaml"
    if not os.path.exists(copy):
        return [f"{LIVE}/scenarios/{description}.yaml"]
    return ["--secrets", f"{folder_of(run_folder)}/objects/secrets.yaml", copy]


def objects(run_folder):
    found = []
    for path in sorted(glob.glob(f"{folder_of(run_folder)}/objects/*.yaml")):
        with open(path) as f:
            found += [obj for obj in yaml.safe_load_all(f) if obj]
    return found


def clients(run_folder):
    """{name: properties file}"""
    return {os.path.basename(p)[:-len(".properties")]: p for p in glob.glob(f"{folder_of(run_folder)}/clients/*.properties")}


def kcat_options(run_folder, client):
    """The settings of kcat as that client; None when it has none."""
    path = f"{folder_of(run_folder)}/clients/{client}.kcat"
    if not os.path.exists(path):
        return None
    with open(path) as f:
        return [word for line in f.read().splitlines() if line for word in ("-X", line)]
