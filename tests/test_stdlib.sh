#!/bin/bash
# The library for hooks: every example in its comments runs, and its reference is up to date. tests/test_stdlib.sh path/to/gregor.
exec python3 -B "$(dirname "$0")/stdlib.py" examples "${1:-${GREGOR:?path of gregor}}"
