#!/usr/bin/env bash
# Imbrex beside measurements of silicon and RTL, with what was calibrated and the errors, as Markdown tables:
# Eyeriss on AlexNet and VGG-16, the CIM chip of Jia et al. (chips.py), GEMM arrays (gemm.py). The
# measurements are read from ../shared/oracles/silicon beside the repository.
#   IMBREX=build/release/bin/imbrex configs/silicon/table.sh
# Exit status: 0, 1 where a bound is missed, 2 where the command, python3 or the measurements are missing.
set -euo pipefail
IMBREX=$(command -v "${IMBREX:-imbrex}") || {
  echo "table.sh: no imbrex command; set IMBREX" >&2
  exit 2
}
IMBREX=$(realpath "$IMBREX")
export IMBREX
command -v python3 > /dev/null || {
  echo "table.sh: python3 is missing" >&2
  exit 2
}
cd "$(dirname "$0")"
status=0
for script in chips.py gemm.py; do
  python3 "$script" || {
    rc=$?
    [ $rc -gt $status ] && status=$rc
  }
done
exit $status
