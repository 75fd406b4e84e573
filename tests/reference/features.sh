#!/bin/sh
# features.sh PROGRAM [--large] [--only NAME]: features.py with the Python that VLPT_PYTHON names, or python3.
# 77: skipped, with a word.
python=${VLPT_PYTHON:-python3}
command -v "$python" > /dev/null 2>&1 || { echo "skipped: no $python" && exit 77; }
exec "$python" "$(dirname "$0")/features.py" "$@"
