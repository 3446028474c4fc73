"""The table, as text."""


def ratios(cell):
    """The time of each peer that ran in a cell, divided by ours."""
    ours = cell["peers"]["ours"]["net_ns"]
    return {name: peer["net_ns"] / ours for name, peer in cell["peers"].items() if name != "ours"}


def figure(r):
    return f"{r:.2f}" if r < 10 else f"{r:.0f}"


def counted(threads):
    return f"{threads} thread{'s' if threads > 1 else ''}"


def ceiling(cell):
    """How near ours comes to what the machine can do: the slower of its adders and its memory says which."""
    if cell["flops"] < 100_000:
        return "-"  # calls, not arithmetic
    name, least = max(cell["ceilings_ns"].items(), key=lambda item: item[1])
    return f"{100 * least / cell['peers']['ours']['net_ns']:.0f}% {name}"


def table(result, threads):
    names = list(result["paths"])
    cells = [c for c in result["cells"] if c["threads"] == threads]
    header = ["model", "batch", "ours µs", "GFLOP/s", "ceiling", *names, "best"]
    rows = [header]
    for cell in cells:
        found, ours = ratios(cell), cell["peers"]["ours"]["net_ns"]
        row = [cell["model"], str(cell["batch"]), f"{ours / 1e3:.4g}", f"{cell['flops'] / ours:.3g}", ceiling(cell)]
        row += [figure(found[n]) if n in found else "-" for n in names]
        row.append(min(found, key=found.get) if found else "-")
        rows.append(row)
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    lines = ["  ".join([row[0].ljust(widths[0]), *(v.rjust(w) for v, w in zip(row[1:], widths[1:]))]) for row in rows]
    title = f"{counted(threads)}: a call of ours, then the time of each peer divided by ours"
    return "\n".join([title, *lines])


def text(result):
    """The tables, who was measured how, where we lose, and who did not run."""
    parts = [table(result, threads) for threads in result["settings"]["threads"]]
    parts.append("\n".join(["measured:", *measured(result)]))
    slower = list(lost(result))
    count = f"{len(slower)} of {len(result['cells'])} cells"
    parts.append("\n".join([f"ours is slower than the best peer in {count}", *slower]))
    parts.append("\n".join(["NOT RUN:", *not_run(result)]))
    return "\n\n".join(parts)


def lost(result):
    """A line for each cell in which a peer is faster."""
    for cell in result["cells"]:
        best, r = min(ratios(cell).items(), key=lambda item: item[1], default=("", 1))
        if r < 1:
            where = f"{cell['model']}, batch {cell['batch']}, {counted(cell['threads'])}"
            yield f"  {where}: ours takes {1 / r:.2f} times as long as {best}"


def measured(result):
    """A line for each peer: version, path, and the cost of an empty call, which is subtracted."""
    yield f"  ours: {result['edge_infer']}, backend {', '.join(backends(result))}"
    for name, path in result["paths"].items():
        records = [c["peers"][name] for c in result["cells"] if name in c["peers"]]
        if records:
            empty = sorted(r["empty_call_ns"] for r in records)[len(records) // 2]
            cost = f" (an empty call takes {empty:.0f} ns and is subtracted)" if path == "Python" else ""
            off = max(r["greatest_difference"] for r in records)
            yield f"  {name} {records[0]['version']}, from {path}{cost}; agrees within {off:.1g}"


def backends(result):
    return sorted({sample["backend"] for c in result["cells"] for sample in c["peers"]["ours"]["rounds"]})


def not_run(result):
    """A line for each reason. A peer that missed some cells, not the whole run, has them counted."""
    reasons = {}
    for entry in result["not_run"]:
        key = f"{entry['peer']}: {entry['reason']}"
        reasons.setdefault(key, []).append(entry)
    for key, entries in reasons.items():
        first = entries[0]
        where = f" ({len(entries)} cells, first {first['model']} batch {first['batch']})" if "model" in first else ""
        yield f"  {key}{where}"
    if not reasons:
        yield "  nothing: everyone ran in every cell"
