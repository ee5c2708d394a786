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
        ("Nº 5 and nº5", "number five and number five"),
        ("room no. 5 and the no. 1 song", "room number five and the number one song"),
        ("the No.1 song", "the number one song"),
        ("the no.1 song", "the number one song"),
        ("a No.1-rated song", "a number one rated song"),
        ("on p.12 and Fig.3b", "on page twelve and figure three B"),
        ("Tel: 555-0199", "telephone: five five five, zero one nine nine"),
    ]);
}

#[test]
fn letters_are_units_after_a_figure() {
    check(&[
        ("200 g of flour", "two hundred grams of flour"),
        ("the 100 m final", "the one hundred meters final"),
        ("3 L or 1 l", "three liters or one liter"),
        ("I ran 5 km. Then I slept.", "I ran five kilometers. Then I slept."),
        ("20ºC", "twenty degrees Celsius"),
        ("Wait 30 s. Then go.", "Wait thirty seconds. Then go."),
        ("220 V, 60 W and 2 h", "two hundred twenty volts, sixty watts and two hours"),
        ("It uses 60 W. The lamp is on.", "It uses sixty watts. The lamp is on."),
        ("at 350 W. Main St.", "at three hundred fifty W. Main Street."),
        ("220 W 42nd Street", "two hundred twenty W forty second Street"),
        ("chapter 3 L. Smith", "chapter three L. Smith"),
        ("5 A students", "five A students"),
        ("2 g's", "two g's"),
    ]);
}

#[test]
fn ranges_may_name_their_unit_twice() {
    check(&[
        ("5%-10%", "five percent to ten percent"),
        ("5%–10%.", "five percent to ten percent."),
        ("5km-10km", "five kilometers to ten kilometers"),
        ("5kg-10kg", "five kilograms to ten kilograms"),
        ("10°C–15°C", "ten degrees Celsius to fifteen degrees Celsius"),
        ("10°-15°C", "ten degrees to fifteen degrees Celsius"),
        ("-5°C–1°C", "minus five degrees Celsius to one degree Celsius"),
        ("500g-1kg", "five hundred grams to one kilogram"),
        ("5€-10€", "five to ten euros"),
        ("flat 5A-7C", "flat five eh seven C"),
    ]);
}

#[test]
fn telephone_numbers_may_have_spaces() {
    check(&[
        ("555 123 4567", "five five five, one two three, four five six seven"),
        ("Call 555 123 4567, please", "Call five five five, one two three, four five six seven, please"),
        ("1 800 555 0199", "one, eight zero zero, five five five, zero one nine nine"),
        ("100 200 3000", "one hundred two hundred three thousand"),
    ]);
}

#[test]
fn scores_and_lengths() {
    check(&[
        ("4/5 stars", "four out of five stars"),
        ("4.5/5 stars", "four point five out of five stars"),
        ("8/10 points", "eight out of ten points"),
        ("4/5 of the stars", "four fifths of the stars"),
        ("6 ft. 2 in. tall", "six feet two inches tall"),
        ("6 ft 1 in", "six feet one inch"),
        ("10 in. long", "ten inches long"),
        ("He put 5 in. Then he left.", "He put five in. Then he left."),
    ]);
}
