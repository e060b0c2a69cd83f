#!/usr/bin/env bash
# slurm.sh IMBREX RECIPE: a sweep on a Slurm of one node that is started here gives, byte for byte, the points
# of a local one; a task that is killed is listed, submitted again alone, and nothing finished runs twice.
# Exit code 77 where Slurm is not installed, or not run by root.
set -euo pipefail
imbrex=$(realpath "$1")
recipe=$(realpath "$2")
for program in slurmctld slurmd sbatch munged; do
  command -v "$program" >/dev/null || { echo "skipped: there is no $program here"; exit 77; }
done
[ "$(id -u)" -eq 0 ] || { echo "skipped: the daemons of Slurm want root"; exit 77; }

d=$(mktemp -d)
munge_socket=$d/munge.socket
export SLURM_CONF=$d/slurm.conf
stop() {
  scontrol shutdown >/dev/null 2>&1 || true
  sleep 0.5
  for file in slurmctld slurmd munged; do
    [ ! -f "$d/$file.pid" ] || kill -9 "$(cat "$d/$file.pid")" 2>/dev/null || true
  done
  rm -rf "$d"
}
trap stop EXIT
fail() { echo "slurm.sh: $1" >&2; tail -n 20 "$d"/*.log >&2; exit 1; }

host=$(hostname -s)
port=$((20000 + $$ % 20000))
mkdir "$d/state" "$d/spool" "$d/munge"
chmod 755 "$d"
install -d -o munge -g munge -m 711 "$d/munge"
dd if=/dev/urandom of="$d/munge/key" bs=128 count=1 2>/dev/null
chown munge: "$d/munge/key"
chmod 400 "$d/munge/key"
munge_socket=$d/munge/socket
cat >"$SLURM_CONF" <<END
ClusterName=imbrex
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$munge_socket
CredType=cred/munge
StateSaveLocation=$d/state
SlurmdSpoolDir=$d/spool
SlurmctldPidFile=$d/slurmctld.pid
SlurmdPidFile=$d/slurmd.pid
SlurmctldLogFile=$d/slurmctld.log
SlurmdLogFile=$d/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
runuser -u munge -- munged --key-file="$d/munge/key" --socket="$munge_socket" --pid-file="$d/munge/munged.pid" \
  --log-file="$d/munge/munged.log" --seed-file="$d/munge/seed" --force 2>/dev/null
cp "$d/munge/munged.pid" "$d/munged.pid"
slurmctld -c
slurmd -c
for _ in $(seq 100); do
  [ "$(sinfo -h -o %T 2>/dev/null)" != idle ] || break
  sleep 0.1
done
[ "$(sinfo -h -o %T)" = idle ] || fail "the node does not become idle"

# finished JOB: waits for the end of a job.
finished() {
  for _ in $(seq 600); do
    [ -n "$(squeue -h -j "$1" 2>/dev/null)" ] || return 0
    sleep 0.1
  done
  squeue >&2
  fail "job $1 does not end"
}
sweep=("$imbrex" sweep "$recipe" --set architecture.extra_pes=0..11 --quiet)

"${sweep[@]}" --out "$d/local" >/dev/null
# A task of which the first start is killed by the operating system, as one on a node that fails.
mkdir "$d/once"
cat >"$d/imbrex" <<END
#!/bin/sh
case "\$*" in *"--chunk 2/4"*) if mkdir "$d/once/killed" 2>/dev/null; then kill -9 \$\$; fi ;; esac
exec "$imbrex" "\$@"
END
chmod 755 "$d/imbrex"
collect=$("${sweep[@]}" --out "$d/cluster" --engine slurm --runs-per-task 3 --slurm=--mem=500 --slurm=--no-requeue)
# The scripts name the command itself; here they name the one that fails once.
finished "$collect"
[ "$(find "$d/cluster/points" -name '*.json' | wc -l)" -eq 12 ] || fail "not all points are there"
cmp "$d/local/points.csv" "$d/cluster/points.csv" || fail "Slurm and local points differ"
cmp "$d/local/experiment.json" "$d/cluster/experiment.json" || fail "Slurm and local experiments differ"

# Now three of the points are lost, as after a task that was killed: those alone are submitted again.
sed -i "s#^exec '[^']*'#exec '$d/imbrex'#" "$d/cluster/runs.sbatch"
rm -rf "$d/again"
mkdir "$d/again"
cp "$d/cluster/frozen.json" "$d/cluster/runs.sbatch" "$d/again"
sed -i "s#$d/cluster#$d/again#g" "$d/again/runs.sbatch"
mkdir "$d/again/slurm"
finished "$(sbatch --parsable "$d/again/runs.sbatch")"
[ "$(find "$d/again/points" -name '*.json' | wc -l)" -eq 9 ] || fail "the killed task left points, or others did not"
"$imbrex" sweep "$d/again" --collect >"$d/collected" 2>"$d/notes" && fail "a sweep with missing points was called complete"
grep -q 'not run' "$d/collected" || fail "missing points are not listed"
find "$d/again/points" -name '*.json' -printf '%p %i %T@\n' | sort >"$d/before"
collect=$("$imbrex" sweep "$d/again" --engine slurm --runs-per-task 3 --slurm=--mem=500 --quiet)
grep -qx '#SBATCH --array=2' "$d/again/runs.sbatch" || fail "more than the missing part was submitted"
finished "$collect"
find "$d/again/points" -name '*.json' -printf '%p %i %T@\n' | sort >"$d/after"
[ -z "$(comm -23 "$d/before" "$d/after")" ] || fail "a finished point ran twice"
cmp "$d/local/points.csv" "$d/again/points.csv" || fail "points differ after the second submission"
echo "slurm.sh: 12 points in 4 tasks, one of them killed and submitted again: the same bytes as a local sweep"
