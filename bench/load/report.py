"""Medians and ratios as a table."""
import statistics


def median(rounds, key):
    values = [r[key] for r in rounds if key in r]
    return statistics.median(values) if values else None


def spread(rounds, key):
    values = [r[key] for r in rounds if key in r]
    return f"{number(min(values))} .. {number(max(values))}"


def number(value):
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}" if abs(value) < 100 else f"{value:.0f}"


def row(cells):
    return "| " + " | ".join(cells) + " |"


def table(results, unit_name="nginx"):
    """`results` is {cell: {"metrics": [(key, label)], "subjects": {name: [round, ..]}}}."""
    names = []
    for cell in results.values():
        names += [n for n in cell["subjects"] if n not in names]
    measured = [(n, unit_name) for n in names if n.startswith("waypoint")]
    # Of two commits the ratio to each other, not of their ratios to a third.
    measured += [("waypoint", n) for n in names if n.startswith("waypoint ")]
    lines = [row(["cell", "metric"] + names + [f"{n} / {unit}" for n, unit in measured]), row(["---"] * (2 + len(names) + len(measured)))]
    for title, cell in results.items():
        for key, label in cell["metrics"]:
            subjects = cell["subjects"]
            values = {n: median(subjects[n], key) for n in names if n in subjects}
            if all(v is None for v in values.values()):
                continue
            texts = [f"{number(values[n])} ({spread(subjects[n], key)})" if values.get(n) is not None else "" for n in names]
            ratios = [ratio(subjects.get(n), subjects.get(unit), key) for n, unit in measured]
            lines.append(row([title, label] + texts + ratios))
    return lines


def ratio(ours, unit, key):
    """Median of the ratios within a round: what the machine does to one it does to the other."""
    pairs = [a[key] / b[key] for a, b in zip(ours or [], unit or []) if a.get(key) is not None and b.get(key)]
    return f"**{number(statistics.median(pairs))}** ({number(min(pairs))} .. {number(max(pairs))})" if pairs else ""


def added(results):
    """Latency that a proxy adds at a fixed rate: the waypoint to the ztunnels alone, nginx to TLS alone."""
    lines = []
    for title, cell in results.items():
        for key in ("p50", "p99"):
            base = {"nginx": "tls only"}
            parts = []
            for name in cell["subjects"]:
                floor = base.get(name, "shims only")
                if (name == "nginx" or name.startswith("waypoint")) and floor in cell["subjects"] and median(cell["subjects"][name], key) is not None:
                    difference = median(cell["subjects"][name], key) - median(cell["subjects"][floor], key)
                    parts.append(f"{name} {difference:.0f} us")
            if parts:
                lines.append(f"- {title}: latency added, {key}: {', '.join(parts)}")
    return lines


def split(results):
    """User and system time of the cells that count requests; sampled by ticks, so the sum above is the better number."""
    lines = []
    for title, cell in results.items():
        parts = [f"{name} {number(median(rounds, 'user'))} + {number(median(rounds, 'system'))}"
                 for name, rounds in cell["subjects"].items() if median(rounds, "user") is not None and cell["metrics"][0][1] == "CPU us"]
        if parts:
            lines.append(f"- {title}: user + system us: {', '.join(parts)}")
    return lines


def others(results):
    values = sorted(r["other_cores"] for cell in results.values() for rounds in cell["subjects"].values() for r in rounds if "other_cores" in r)
    return f"Other jobs on the machine during the cells, in cores: median {values[len(values) // 2]:.2f}, most {values[-1]:.2f}." if values else ""


def markdown(header, settings, results):
    lines = [f"# Load, {header['date']}", "", ", ".join(f"{k} {v}" for k, v in header.items() if k != "date"), "",
             "Settings: " + ", ".join(f"{k} {v}" for k, v in settings.items()), "",
             "Median (least .. greatest) of the rounds; a ratio is the median of the ratios within each round.", ""]
    return "\n".join(lines + table(results) + [""] + added(results) + split(results) + ["", others(results), ""])
