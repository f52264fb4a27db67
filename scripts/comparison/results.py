"""A file of JSON lines: one about the machine, then one for each measurement of either side."""
import json
import os


class DifferentMachine(Exception):
    pass


class Results:
    """What was measured, here and in earlier runs that were kept in `path`; without a path, in memory alone."""

    def __init__(self, path=None, machine=None):
        self.path, self.machine, self.lines = path, None, []
        if path and os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                for line in f:
                    self._take(json.loads(line))
        if machine and not self.machine:
            self.append([{"machine": machine}])
        elif machine and self.machine != machine:
            names = ", ".join(name for name in machine if machine[name] != self.machine.get(name))
            raise DifferentMachine(f"{path}: expected lines of this machine and commit, found others ({names}); "
                                   "choose another file")

    def _take(self, line):
        if "machine" in line:
            self.machine = line["machine"]
        else:
            self.lines.append(line)

    def append(self, lines):
        for line in lines:
            self._take(line)
        if self.path:
            with open(self.path, "a", encoding="utf-8") as f:
                f.writelines(json.dumps(line) + "\n" for line in lines)

    def note_absent(self, workload, peer, reason):
        """Keeps why a peer cannot run here, once."""
        line = {"workload": workload, "peer": peer, "case": "*", "dtype": "*", "status": "absent", "reason": reason}
        if line not in self.lines:
            self.append([line])

    def holds(self, workload, **fields):
        """Whether lines of this run and round, with this choice of cases and precisions, are there already."""
        wanted = {"workload": workload, **fields}
        return any(all(line.get(name) == value for name, value in wanted.items()) for line in self.lines)
