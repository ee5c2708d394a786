//! Figures off the line, and letters in emblems.

use super::check;
use super::unspeakable;

#[test]
fn exponents_are_powers() {
    check(&[
        ("10⁶ bacteria", "ten to the power of six bacteria"),
        ("3 × 10⁸", "three times ten to the power of eight"),
        ("10²³ and 2¹⁰", "ten to the power of twenty three and two to the power of ten"),
        ("10⁻⁶", "ten to the power of minus six"),
        ("10⁺⁶", "ten to the power of plus six"),
        ("1,000²", "one thousand to the power of two"),
        ("128²", "one hundred twenty eight to the power of two"),
        ("2ⁿ", "two to the power of n"),
        ("x⁻¹", "x to the power of minus one"),
        ("6.02×10²³", "six point zero two times ten to the power of twenty three"),
        ("1.5 × 10⁸ km", "one point five times ten to the power of eight kilometers"),
        ("10⁶kg", "ten to the power of six kilograms"),
        ("5 m² and 3 km²", "five square meters and three square kilometers"),
        ("9.8 m/s²", "nine point eight meters per second squared"),
        ("2²3", "two to the power of two three"),
        (
            "10⁶–10⁸ or x²-3",
            "ten to the power of six to ten to the power of eight or x to the power of two minus three",
        ),
        ("eˣ and e⁻ˣ", "e to the power of x and e to the power of minus x"),
        ("Na⁺, Cl⁻ and Ca²⁺", "Na plus, Cl minus and Ca two plus"),
        ("¹⁴C", "fourteen C"),
        ("as noted¹ here.² Then", "as noted one here. two Then"),
        ("the 2ⁿᵈ and 1ˢᵗ", "the second and first"),
    ]);
}

#[test]
fn indices_are_numbers_of_their_own() {
    check(&[
        ("H₂O and CO₂", "H two O and C.O. two"),
        ("C₆H₁₂O₆", "C six H twelve O six"),
        ("log₁₀100", "log ten one hundred"),
        ("10₂", "ten two"),
        ("x₋₁", "x minus one"),
    ]);
}

#[test]
fn fractions_in_one_character_stand_apart() {
    check(&[
        ("2⅕ cups", "two and one fifth cups"),
        ("3⅖, 4⅗, 5⅘", "three and two fifths, four and three fifths, five and four fifths"),
        ("1⅙ 1⅚", "one and one sixth one and five sixths"),
        ("7⅐ 8⅑ 9⅒", "seven and one seventh eight and one ninth nine and one tenth"),
        ("1⅓ 1⅔", "one and one third one and two thirds"),
        ("1⅛ 1⅜ 1⅝ 1⅞", "one and one eighth one and three eighths one and five eighths one and seven eighths"),
        ("2½ 2¼ 2¾", "two and a half two and a quarter two and three quarters"),
        ("⅕", "one fifth"),
        ("-½", "minus one half"),
        ("1½–2½ hours", "one and a half to two and a half hours"),
        ("1–1½ hours", "one to one and a half hours"),
        ("-2½ °C", "minus two and a half degrees Celsius"),
        ("a 2½-year-old", "a two and a half year-old"),
        ("12½%", "twelve and a half percent"),
        ("2½ kg and ½ tsp.", "two and a half kilograms and one half teaspoon."),
        ("½kg", "one half kilogram"),
        ("½cup", "one half cup"),
        ("¹⁄₂", "one half"),
        ("①② 5③", "one two five three"),
    ]);
}

#[test]
fn letters_and_numbers_in_emblems_are_read() {
    for text in ["Blood type 🅰️ today", "🅐🅩🅰🆉🆎🄰🅉Ⓐⓩ", "❶❿➀➉➊➓⓫⓴⓵⓾⓿"]
    {
        assert_eq!(unspeakable(text), None, "{text}");
    }
    check(&[
        ("Blood type 🅰️ today", "Blood type A today"),
        ("🅱🅾🅾🅺", "BOOK"),
        ("🅐🅩🆉🄰🅉Ⓐⓩ", "AZZAZAz"),
        ("type 🆎", "type AB"),
        ("❶ one ❿ ten", "one one ten ten"),
        ("⓿⓫⓴", "zero eleven twenty"),
    ]);
}
