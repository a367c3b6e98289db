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
    if script is None:
        return
    env = {**os.environ, "GREGOR": os.path.abspath(gregor)}
    done = subprocess.run(["bash", f"{LIVE}/prepare/{script}", f"{LIVE}/scenarios/{description}.yaml"], cwd=folder, env=env, text=True,
                          capture_output=True)
    if done.returncode != 0:
        raise Failed(f"prepare/{script}: {done.stderr.strip()[-500:]}")


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
