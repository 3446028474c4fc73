"""Writes texts.json: texts, and the words that scikit-learn's CountVectorizer finds in them.

    python make.py        (Python 3.12.1 with Unicode 15.0, scikit-learn 1.9.1)

The two letters that Python lowers by their context are left out: see format/SPEC.md, "Words".
"""

import json
import random
import unicodedata
from pathlib import Path

from sklearn.feature_extraction.text import CountVectorizer

written = [
    "",
    "a",
    "Free money!!! FREE money, free_of charge",
    "don't re-read e-mail at 10:30 o'clock, x2 2x _ __ _a",
    "line\nends\r\nand\ttabs\x00nul\u00a0no-break\u3000wide\u200bzero",
    "Crème brûlée, creme\u0301 bru\u0302le\u0301e; Straße STRASSE ß ẞ",
    "Ещё раз: ДЕНЬГИ даром. العربية هندي हिन्दी 中文字符 日本語の文章 ไทย 한국어",
    "x² ½ cup, Ⅷ ⅷ chapters, ① ⓐ Ⓐ items, ٣٤ and ४२, 𝒳𝒴 𐐀𐐁",
    "Ǆ ǅ ǆ ΑΒΓ αβγ K Å Ω ﬀ ﬁn Ꭰ ꭰ Ა ა",
    "ends in a letter",
]

random.seed(1)
letters = [chr(c) for c in range(0x110000) if unicodedata.category(chr(c)) not in ("Cn", "Cs", "Co") and chr(c) not in "İΣ"]
drawn = ["".join(random.choice(letters) if random.random() < 0.7 else " " for _ in range(30)) for _ in range(60)]
latin = ["".join(random.choice(letters[:1500]) for _ in range(60)) for _ in range(60)]

words = CountVectorizer().build_analyzer()
cases = [{"text": text, "words": words(text)} for text in written + drawn + latin]
Path(__file__).with_name("texts.json").write_text(json.dumps(cases, indent=0) + "\n")
