//! Words that are spoken otherwise beside other words.

use super::check;

#[test]
fn a_number_has_a_number_sign_only_with_a_capital_and_a_period() {
    check(&[
        ("Did ten come? No, 5 people came.", "Did ten come? No, five people came."),
        ("No 2 people are alike.", "No two people are alike."),
        ("He said: no. 5 came.", "He said: no. five came."),
        ("He said no. 5 came.", "He said no. five came."),
        ("I had a fig, 5 dates and a nut", "I had a fig, five dates and a nut"),
        ("No. 5", "number five"),
        ("№5 and № 7", "number five and number seven"),
        ("Nos. 5 and 6", "numbers five and six"),
        ("#5", "number five"),
        ("the No.1 song", "the number one song"),
        ("the no.1 song", "the number one song"),
        ("a No.1-rated song", "a number one rated song"),
        ("on p.12 and Fig.3b", "on page twelve and figure three B"),
        ("Tel: 555-0199", "telephone: five five five, zero one nine nine"),
    ]);
}
