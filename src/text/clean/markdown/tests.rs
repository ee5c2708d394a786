//! What becomes of marks, case by case.

use crate::speech::Processing;
use crate::text::clean::tests;

fn cleaned(text: &str) -> String {
    tests::cleaned(&Processing { strip_markdown: true, ..Processing::default() }, text)
}

fn assert_cleaned(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(cleaned(text), *expected, "{text:?}");
    }
}

#[test]
fn emphasis_goes() {
    assert_cleaned(&[
        ("*a* **b** ***c*** _d_ __e__ ~~f~~ `g`", "a b c d e f g"),
        ("**Note:** this", "Note: this"),
        ("**_both_** and *__both__*", "both and both"),
        ("foo**bar**baz", "foobarbaz"),
        ("\"*quoted*\", (**bracketed**).", "\"quoted\", (bracketed)."),
        ("这是**重点**内容，这是*重点*。", "这是重点内容，这是重点。"),
        ("שלום **עולם** טוב", "שלום עולם טוב"),
        ("**unclosed", "unclosed"),
        ("over *two\nlines*", "over two\nlines"),
    ]);
}

#[test]
fn marks_that_are_none_stay() {
    assert_cleaned(&[
        ("3 * 4 and 2*3 and a*b and 2**10", "3 * 4 and 2*3 and a*b and 2**10"),
        ("snake_case_name, foo__bar, _private_", "snake_case_name, foo__bar, private"),
        ("a _ b __ c ** d ~~ e ` f", "a _ b __ c ** d ~~ e ` f"),
        ("~5 minutes, a~b, ~~~~", "~5 minutes, a~b, ~~~~"),
        ("-5 degrees, --flag, #tag, 1.5 and >x", "-5 degrees, --flag, #tag, 1.5 and >x"),
        ("-5 degrees", "-5 degrees"),
        ("#tag", "#tag"),
        ("####### seven", "####### seven"),
        (">x", ">x"),
        ("2024 was", "2024 was"),
        ("*️⃣", "*️⃣"),
        (&format!("x {}", "*".repeat(99)), &format!("x {}", "*".repeat(99))),
    ]);
}

#[test]
fn code_spans_are_not_looked_into() {
    assert_cleaned(&[
        ("use `a*b*c` and `_x_`", "use a*b*c and _x_"),
        ("``a ` b`` *c*", "a ` b c"),
        ("`[a](b)` [c](d)", "[a](b) c"),
        ("`a\\` *b*", "a\\ b"),
        ("an open ` one *b*\n\nand *c*", "an open ` one b\n\nand c"),
        ("an open `one *b*\n\nand *c*", "an open one *b*\n\nand c"),
        ("an open `one *b*\n- and *c*", "an open one *b*\n\nand c"),
        ("1. an open `one\n2. and *c*", "1. an open one\n2. and c"),
    ]);
}

#[test]
fn a_backslash_makes_a_mark_a_character() {
    assert_cleaned(&[
        (r"\*not\* \_em\_ \`code\` \[a](b) \\ \# \d", r"*not* _em_ `code` [a](b) \ # \d"),
        (r"\# no heading", "# no heading"),
        (r"\- no item", "- no item"),
        (r"1\. no item", "1. no item"),
        (r"end\", r"end\"),
        (r"\**a*", "*a"),
    ]);
}

#[test]
fn headings_are_blocks() {
    assert_cleaned(&[
        ("# Title\nText", "Title\n\nText"),
        ("# Title\n\nText", "Title\n\nText"),
        ("Text\n## Title\nText", "Text\n\nTitle\n\nText"),
        ("Text\n\n###### *Title*\n\n\nText", "Text\n\nTitle\n\n\nText"),
        ("# One\n## Two\n### Three", "One\n\nTwo\n\nThree"),
        ("# Title #\n## C# ##  \nText #", "Title\n\nC#\n\nText #"),
        ("   # Title\n    # none", "Title\n\n    # none"),
        ("#\nText", "Text"),
        ("Title\n=====\nText", "Title\n\nText"),
        ("Title\n---\nText", "Title\n\nText"),
        ("a\n\n= b\n===", "a\n\n= b\n"),
        ("# Title\r\nText\r\n", "Title\n\nText\r\n"),
    ]);
}

#[test]
fn items_are_blocks() {
    assert_cleaned(&[
        ("- a\n- b\n* c\n+ d", "a\n\nb\n\nc\n\nd"),
        ("List:\n\n- a\n\n- b\n\nText", "List:\n\na\n\nb\n\nText"),
        ("List:\n- a\n  - b\n    - c\n        * **d**: e", "List:\n\na\n\nb\n\nc\n\nd: e"),
        ("1. a\n2. b\n    - c\n10) d", "1. a\n2. b\n\nc\n10) d"),
        ("- [ ] open\n- [x] done\n- [X] done\n- [y] other\n- []", "open\n\ndone\n\ndone\n\n[y] other\n\n[]"),
        ("[ ] no item", "[ ] no item"),
        ("- a\n  goes on\n- *b*", "a\n  goes on\n\nb"),
        ("- # Title\n- > quote\n- - twice\n- --x", "Title\n\nquote\n\ntwice\n\n--x"),
        ("-\n- a\n-\n- \n- -\nb", "a\n\nb"),
        ("* *a*\n* **b", "a\n\nb"),
        ("text - no item * none", "text - no item * none"),
        ("    - too far", "    - too far"),
        ("• bullet", "• bullet"),
    ]);
}

#[test]
fn quotations_lose_their_marks() {
    assert_cleaned(&[
        ("> a\n> b\n>\n> c", "a\nb\n\nc"),
        ("> > a\n>> b\n> c", "a\nb\nc"),
        ("> # Title\n> - item\n> text", "Title\n\nitem\ntext"),
        ("> ```\n> *x*\n> > y\n> ```\n> *z*", "*x*\n> y\n\nz"),
        ("a > b", "a > b"),
    ]);
}

#[test]
fn rules_leave_a_blank_line() {
    assert_cleaned(&[
        ("a\n\n---\n\nb", "a\n\n\nb"),
        ("a\n***\nb", "a\n\nb"),
        ("a\n\n___\nb", "a\n\nb"),
        ("a\n\n* * *\n- - -\nb", "a\n\nb"),
        ("---\na\n---", "a\n"),
        (&format!("a\n{}\nb", "-".repeat(200)), "a\n\nb"),
        ("a\n\n--\n\n**\n", "a\n\n--\n\n**\n"),
        ("--- a ---", "--- a ---"),
    ]);
}

#[test]
fn fences_go_and_code_stays() {
    assert_cleaned(&[
        ("Run:\n```sh\nls *.rs | wc # [a](b)\n- x\n```\nDone.", "Run:\n\nls *.rs | wc # [a](b)\n- x\n\nDone."),
        ("~~~ info `x`\na\n```\n~~\n~~~~\n*b*", "a\n```\n~~\n\nb"),
        ("````\n```\n````\nx", "```\n\nx"),
        ("- a\n  ```\n  x\n  ```\n- b", "a\n\n  x\n\nb"),
        ("```\nnever *closed*", "never *closed*"),
        ("```\na\n``` b\n```", "a\n``` b\n"),
        ("```inline``` code", "inline code"),
        ("# Title\n```\n\nx\n```", "Title\n\n\nx\n"),
        ("```", ""),
        ("```rust", ""),
    ]);
}

#[test]
fn links_say_their_text() {
    assert_cleaned(&[
        ("See [the docs](https://a.b/c_d_e \"Title (x)\").", "See the docs."),
        ("[a](<b c> 'd') [e](f(g)h) [i]( j (k) ) [l]()", "a e i l"),
        ("[**bold** `co]de` _it_](x)", "bold co]de it"),
        ("**[a](b)**: [c](d)[e](f)", "a: ce"),
        ("![A *cat*](cat.png \"Tom\") and [![logo](l.svg)](https://x)", "A cat and logo"),
        ("[text][ref], [text][] and [1][2](x)", "text, text and [1]2"),
        (
            "<https://a_b.c/*d*> <mailto:x> a<b <b>x</b> Vec<std::string>",
            "https://a_b.c/*d* <mailto:x> a<b <b>x</b> Vec<std::string>",
        ),
        ("[over\nlines](x)", "over\nlines"),
        ("请看[这里][1]。", "请看这里。"),
    ]);
}

#[test]
fn brackets_that_are_no_links_stay() {
    assert_cleaned(&[
        ("[ ] and [sic] (he said) and [*] and rows[i][j]", "[ ] and [sic] (he said) and [] and rows[i][j]"),
        ("[a](b c) [d](e", "[a](b c) [d](e"),
        ("[a](b *c* d)", "[a](b c d)"),
        ("[*a* [b](c)", "[a b"),
        ("[a\n\n](b)", "[a\n\n](b)"),
        ("[a]\n(b) ] x", "[a]\n(b) ] x"),
        ("[a](b\nc)", "[a](b\nc)"),
        ("Wow! Great!", "Wow! Great!"),
        ("![no", "![no"),
    ]);
}

#[test]
fn a_link_may_be_so_long_and_no_longer() {
    let link = |letters| format!("[{}](b) *c*", "a".repeat(letters));
    assert_eq!(cleaned(&link(990)), format!("{} c", "a".repeat(990)));
    assert_eq!(cleaned(&link(1_000)), format!("[{}](b) c", "a".repeat(1_000)));
    let target = |letters| format!("[a]({}) *c*", "b".repeat(letters));
    assert_eq!(cleaned(&target(990)), "a c");
    assert_eq!(cleaned(&target(1_000)), format!("[a]({}) c", "b".repeat(1_000)));
}

#[test]
fn tables_are_read_row_by_row() {
    assert_cleaned(&[
        (
            "Prices:\n| Item | Price |\n|:-----|------:|\n| **Tea** | $3 |\n| Cake. | [4](x) |\n\nEnd | here",
            "Prices:\n\nItem, Price\n\nTea, $3\n\nCake. 4\n\nEnd | here",
        ),
        ("a | b\n--- | ---\n1 | 2\n3 | 4", "a, b\n\n1, 2\n\n3, 4"),
        ("|a|b|\n|-|-|\n|1||3|\n| | x |", "a, b\n\n1, 3\n\nx"),
        ("|a|\n|-|\n|x \\| y|`z|w`|", "a\n\nx | y, z, w"),
        ("> | a | b |\n> |---|---|\n> | 1 | 2 |", "a, b\n\n1, 2"),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n# Title\ntext", "a, b\n\n1, 2\n\nTitle\n\ntext"),
        ("|x| is *positive*\nalways", "|x| is positive\nalways"),
        ("yes | no\n---\nx", "yes | no\n\nx"),
        ("a || b\n- item", "a || b\n\nitem"),
        ("| a |\n|--", "a\n"),
        ("| a | *b*", "| a | b"),
    ]);
}

#[test]
fn prose_of_a_language_model() {
    let text = "## How to *brew* tea\n\nHere's a **quick** guide — see [the wiki](https://en.wikipedia.org/wiki/Tea):\n\n\
        1. **Boil** water (~95 °C)\n   - Use _fresh_ water\n   - 250 ml per cup\n2. Add `2 * n` leaves\n\n---\n\n\
        > **Tip:** don't over-steep!\n\n```python\ndef brew(n_cups):\n    return n_cups * 2\n```\n\n\
        | Tea | Minutes |\n|---|---|\n| Green | 2 |\n| Black | 4 |\n\n- [x] Kettle\n- [ ] Cup\n\nEnjoy!";
    let expected = "How to brew tea\n\nHere's a quick guide — see the wiki:\n\n\
        1. Boil water (~95 °C)\n\nUse fresh water\n\n250 ml per cup\n2. Add 2 * n leaves\n\n\n\
        Tip: don't over-steep!\n\ndef brew(n_cups):\n    return n_cups * 2\n\n\n\
        Tea, Minutes\n\nGreen, 2\n\nBlack, 4\n\nKettle\n\nCup\n\nEnjoy!";
    assert_eq!(cleaned(text), expected);
}
