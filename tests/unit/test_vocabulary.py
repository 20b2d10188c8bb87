"""The field's vocabulary is written by hand, so it is read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.vocabulary import EVERYDAY, VOCABULARY, Group, GroupKind, everyday, groups
from search.analysis import synonyms
from search.analysis.words import stem, words

HEAD = "forms\tkind\ttarget\tsource\n"
GOOD = "NSK | negativ sosial kontroll\tabbreviation\t\tours\n"


def read(folder: Path, text: str) -> tuple[Group, ...]:
    path = folder / "words.tsv"
    path.write_text(HEAD + text, encoding="utf-8")
    groups.cache_clear()
    return groups(path)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """A group a line, in the file's order, forms without the spaces about them."""
    assert read(tmp_path, f"{GOOD}strl\tact\tstraffeloven\tLovdata\n") == (
        Group(("NSK", "negativ sosial kontroll"), GroupKind.ABBREVIATION, "", "ours"),
        Group(("strl",), GroupKind.ACT, "straffeloven", "Lovdata"),
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a | b\tsynonym\tours", "3 columns instead of 4"),
        ("", "1 columns instead of 4"),
        ("a | b\tsynonym\t\tours\tmore", "5 columns"),
        ("a | b\tnickname\t\tours", "nickname"),
        ("a | a\tsynonym\t\tours", "doubled"),
        ("a | \tsynonym\t\tours", "empty"),
        ("a\tsynonym\t\tours", "single"),
        ("a | b\tsynonym\tstraffeloven\tours", "target"),  # only acts and duties have one
        ("strl\tact\t\tours", "target"),
        ("a | b\tsynonym\t\t", "source"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    """Nothing is passed over: the file and the line are told."""
    with pytest.raises(ValueError, match=rf"words\.tsv, line 3: .*{message}"):
        read(tmp_path, f"{GOOD}{line}\n{GOOD}")


def test_every_form_of_ours_is_found_by_itself() -> None:
    """Each form but those of acts leads to its group; none is longer than is looked for."""
    for group in groups(VOCABULARY):
        for form in group.forms:
            forms = [word.form for word in words(form)]
            found = synonyms.find(forms)
            if group.kind is GroupKind.ACT:
                assert group not in [one.group for one in found]
            else:
                assert (0, len(forms), group) in [(f.start, f.end, f.group) for f in found], form


def test_no_form_of_an_act_is_of_two() -> None:
    """An abbreviation means one act."""
    acts = [group for group in groups(VOCABULARY) if group.kind is GroupKind.ACT]
    forms = [form for group in acts for form in group.forms]
    assert len(forms) == len(set(forms))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hva er negativ sosial kontroll her", [(2, 5), (2, 5)]),  # an abbreviation, and English
        ("negativ kontroll", []),
        ("direktoratet for høyere utdanning og kompetanse", [(0, 6)]),
        ("melding til barnevernet", [(0, 3), (0, 3)]),  # a synonym, and a duty
        ("nsk og kll", [(0, 1), (2, 3)]),
        ("", []),
        ("for men", []),  # stop words with the stems of forlova and menighet
    ],
)
def test_the_longest_form_counts(text: str, expected: list[tuple[int, int]]) -> None:
    """Of forms that begin at one word the longest is taken, and search goes on behind it."""
    assert expected == [(one.start, one.end) for one in synonyms.find(text.split())]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("sparken", "1 columns instead of 2"),
        ("sparken\toppsigelse\tours", "3 columns"),
        ("sparken\t", "empty"),
        ("sparken | \toppsigelse", "empty"),
        ("sparken | oppsigelse\toppsigelse", "doubled"),
    ],
)
def test_a_wrong_line_of_everyday_words_is_named(tmp_path: Path, line: str, message: str) -> None:
    """As for the vocabulary: the file and the line are told."""
    path = tmp_path / "everyday.tsv"
    path.write_text(f"forms\tterms\njobbe\tarbeid\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=rf"everyday\.tsv, line 3: .*{message}"):
        everyday(path)


def test_every_everyday_form_leads_to_its_terms() -> None:
    """Each form of our list is found by itself, and stands in one line only."""
    forms = [form for group in everyday(EVERYDAY) for form in group.forms]
    assert len(forms) == len(set(forms))
    for group in everyday(EVERYDAY):
        for form in group.forms:
            assert group in [one.group for one in synonyms.find([w.form for w in words(form)])], (
                form
            )


def test_everyday_words_lead_one_way() -> None:
    """*sparken* finds *oppsigelse*; who asks for *oppsigelse* is not led to *sparken*."""

    def led(form: str) -> set[str]:
        others = [other for one in synonyms.find([form]) for other in one.others()]
        return {term for other in others for forms in other for term in forms}

    assert stem("oppsigelse") in led("sparken")
    assert stem("sparken") not in led("oppsigelse")
