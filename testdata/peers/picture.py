"""The table as a picture: how many times longer each peer takes."""

import matplotlib

matplotlib.use("Agg")  # no display is needed

from matplotlib import pyplot as plt

from report import counted, ratios


def draw(result, path):
    counts = result["settings"]["threads"]
    rows = max(sum(c["threads"] == t for c in result["cells"]) for t in counts)
    inches = (7 * len(counts), 1.6 + 0.3 * rows)
    figure, panels = plt.subplots(1, len(counts), figsize=inches, squeeze=False, sharex=True)
    for panel, threads in zip(panels[0], counts):
        cells = [c for c in result["cells"] if c["threads"] == threads]
        for name in result["paths"]:
            points = [(ratios(c)[name], i) for i, c in enumerate(cells) if name in ratios(c)]
            panel.plot([x for x, _ in points], [y for _, y in points], "o", markersize=5, alpha=0.8, label=name)
        panel.axvline(1, color="black", linewidth=1)
        panel.set_xscale("log")
        panel.set_yticks(range(len(cells)), [f"{c['model']}  ×{c['batch']}" for c in cells])
        panel.invert_yaxis()
        panel.grid(alpha=0.3)
        panel.set_title(counted(threads))
        panel.set_xlabel("time of the peer ÷ time of edge-infer (right of 1: edge-infer is faster)")
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper center", ncol=max(1, len(labels)), frameon=False)
    figure.suptitle(f"{result['machine']['processor']}", y=0.0, va="bottom", fontsize=8)
    figure.tight_layout(rect=(0, 0.02, 1, 0.96))
    figure.savefig(path)
    plt.close(figure)
