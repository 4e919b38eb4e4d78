# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far a cutout can be trusted, told from the net's answer alone.

A net that is wrong mostly has half seen what is right: what it leaves out is seldom quite 0. So it is what lies beside
the subject that tells most, more than entropy, parts, outlines, or what two thresholds agree on, all of which were
tried. What no answer can tell is that the net was sure of the wrong thing.
"""

import numpy as np

from offcut.matte import Matte, nothing_found

BESIDE = 4.0
"""What was half seen beside the subject counts so many times what was half seen of it.

With it the confidence is the overlap with the truth that is to be expected: on one half of the photographs with known
truth 3.9 to 4.7 fits best, by the answers and by the finished cutouts of the plan "balanced", and it holds on the other
half and with the other plans' weights and sizes. `build.py bench triage` measures it. With nets of
other families it was not measured.
"""


def confidence(matte: Matte, beside: float = BESIDE) -> float:
    """How far a cutout with this matte is likely to be right: the intersection over union with the truth that is to be
    expected, 0..1. `beside` is for measuring other weights.

    Pixels above one half are the subject. It is their number, over that number + the sum of 1 - a over them + `beside`
    times the sum of a over all others. 1 is an answer without any doubt; where nothing is found it is 0.
    """
    if nothing_found(matte):
        return 0.0
    subject = matte.alpha > 0.5
    area = int(np.count_nonzero(subject))
    within = area - float(matte.alpha.sum(dtype=np.float64, where=subject))
    around = float(matte.alpha.sum(dtype=np.float64, where=~subject))
    return area / (area + within + beside * around)
