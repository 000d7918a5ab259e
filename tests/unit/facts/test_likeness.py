"""Two fetches of a page beside a third: what varies by itself is no difference, other content is."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipv6check.facts.likeness import Content, Likeness, common, compare
from ipv6check.net.page_sketch import sketch
from ipv6check.net.remote_text import title

WORDS = "tỉnh mẫu thông tin điện tử thủ tục hành chính công dân tổ chức hồ sơ văn bản tin tức sự kiện".split()


def content(page: str) -> Content:
    found = Content.of({"content": sketch(page.encode()), "title": title(page.encode())})
    assert found
    return found


def likeness(six: str, *four: str) -> Likeness:
    return compare(content(six), [content(each) for each in four])


def article(seed: int, words: int = 120) -> str:
    chosen = random.Random(seed)
    return " ".join(chosen.choice(WORDS) for _ in range(words))


def template(body: str, *, name: str = "Cổng thông tin", nonce: str = "r4nd0m", at: str = "10:32:05") -> str:
    menu = "".join(f'<li class="item"><a href="/muc/{word}">{word}</a></li>' for word in WORDS)
    return (
        f"<!doctype html><html><head><title>{name}</title>"
        f'<script nonce="{nonce}">var t="{nonce}"</script></head>'
        f'<body><nav><ul>{menu}</ul></nav><main><p>{body}</p></main><input type="hidden" name="csrf" '
        f'value="{nonce}"><footer>{at} 25/11/2026, 12.345 lượt truy cập</footer></body></html>'
    )


def test_the_same_page_with_another_nonce_token_and_time_is_the_same() -> None:
    pages = [template(article(1), nonce=f"n0nce{n}Zq", at=f"10:{n}:07") for n in (1, 2, 3)]
    assert likeness(*pages) == Likeness(1.0, 1.0, 1.0, True)


@pytest.mark.parametrize("words", [40, 120, 2000])
def test_one_template_with_other_content_is_another_page(words: int) -> None:
    mine, theirs = template(article(1, words)), template(article(2, words))
    assert not likeness(mine, theirs, theirs).holds(0.9)


@pytest.mark.parametrize("words", [30, 300, 3000])
def test_the_same_words_in_another_order_are_another_page(words: int) -> None:
    text = article(1, words).split()
    shuffled = text[:]
    random.Random(7).shuffle(shuffled)
    page = template(" ".join(text))
    assert not likeness(template(" ".join(shuffled)), page, page).holds(0.9)


def test_the_same_text_in_another_structure_is_another_page() -> None:
    rows = "".join(f"<tr><td>{word}</td></tr>" for word in WORDS)
    items = "".join(f"<div><span>{word}</span></div>" for word in WORDS)
    assert not likeness(items, rows, rows).holds(0.9)


def test_what_ipv4_varies_by_itself_may_vary_over_ipv6_too() -> None:
    news = [template(article(1) + f"<p>{article(seed, 30)}") for seed in (11, 12, 13)]
    found = likeness(*news)
    assert found.holds(0.9)
    assert found.own < 0.95


def test_a_page_that_varies_does_not_excuse_other_content() -> None:
    news = [template(article(1) + f"<p>{article(seed, 30)}") for seed in (12, 13)]
    assert not likeness(template(article(2) + f"<p>{article(11, 30)}"), *news).holds(0.9)


def test_another_title_is_another_page_unless_ipv4_varies_it() -> None:
    page = template(article(1))
    assert not likeness(template(article(1), name="Đang bảo trì"), page, page).holds(0.9)
    assert likeness(template(article(1), name="Tin 3"), template(article(1), name="Tin 1"), page).same_title


def test_an_empty_page_is_not_a_full_one() -> None:
    page = template(article(1))
    assert not likeness("", page, page).holds(0.9)
    assert not likeness(page, "", "").holds(0.9)
    assert likeness("", "", "").holds(0.9)


def test_one_more_sentence_over_ipv6_is_still_the_same_page() -> None:
    page = template(article(1, 400))
    assert likeness(template(article(1, 400) + " Bạn đang dùng IPv sáu"), page, page).holds(0.9)


@given(st.binary(max_size=2000))
def test_any_bytes_are_like_themselves(body: bytes) -> None:
    found = Content.of({"content": sketch(body)})
    assert found
    assert compare(found, [found, found]) == Likeness(1.0, 1.0, 1.0, True)


@given(st.lists(st.integers(0, 4), max_size=20), st.lists(st.integers(0, 4), max_size=20))
def test_the_longest_common_subsequence_is_that_of_the_textbook(one: list[int], other: list[int]) -> None:
    found = common(one, other)
    for whole in (one, other):
        remaining = iter(whole)
        assert all(each in remaining for each in found)
    assert len(found) == _textbook(one, other)


def _textbook(one: list[int], other: list[int]) -> int:
    row = [0] * (len(other) + 1)
    for a in one:
        before = row[:]
        for j, b in enumerate(other, 1):
            row[j] = before[j - 1] + 1 if a == b else max(row[j - 1], before[j])
    return row[-1]


@pytest.mark.parametrize(
    "stored", [{}, {"content": 7}, {"content": {"text": "?", "structure": ""}}, {"content": {}}]
)
def test_stored_content_that_cannot_be_read_is_none(stored: dict[str, object]) -> None:
    assert Content.of(stored) is None  # type: ignore[arg-type]  # not what a probe writes


@pytest.mark.parametrize(
    "piece", [b"<", b"<a ", b"a ", b"<script>", b"<!--", b"&amp;", b"<p class=", b"</", b"\xff"]
)
def test_a_page_that_repeats_one_piece_costs_no_more_than_another(piece: bytes) -> None:
    body = (piece * 65536)[:65536]
    data = sketch(body)
    found = Content.of({"content": data})
    assert found
    assert compare(found, [found, found]).holds(0.9)
    assert len(str(data)) < 2000
