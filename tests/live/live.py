#!/usr/bin/env python3
"""Entry of the pod runner: see README.md."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from runner.main import main  # noqa: E402

main()
