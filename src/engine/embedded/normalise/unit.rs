//! Units of measurement.

/// A unit's name in the singular and the plural.
pub(super) type Unit = (&'static str, &'static str);

/// The unit that `symbol` stands for when a number is written directly before it.
pub(super) fn attached(symbol: &str) -> Option<Unit> {
    apart(symbol).or_else(|| {
        Some(match symbol {
            "in" => ("inch", "inches"),
            "m" => ("meter", "meters"),
            "g" => ("gram", "grams"),
            "s" => ("second", "seconds"),
            "h" => ("hour", "hours"),
            "d" => ("day", "days"),
            "l" | "L" => ("liter", "liters"),
            "t" => ("ton", "tons"),
            "V" => ("volt", "volts"),
            "W" => ("watt", "watts"),
            "A" => ("amp", "amps"),
            "N" => ("newton", "newtons"),
            "J" => ("joule", "joules"),
            "F" => ("degree Fahrenheit", "degrees Fahrenheit"),
            "C" => ("degree Celsius", "degrees Celsius"),
            "k" => ("thousand", "thousand"),
            "M" => ("million", "million"),
            "bn" => ("billion", "billion"),
            "x" => ("times", "times"),
            _ => return None,
        })
    })
}

/// The unit that `symbol` stands for also when a space parts it from its number.
pub(super) fn apart(symbol: &str) -> Option<Unit> {
    size(symbol).or_else(|| quantity(symbol)).or_else(|| technical(symbol))
}

/// The unit that a single letter stands for when a space parts it from its number. Others, such
/// as the "A" in "5 A students", are more often something else.
pub(super) fn letter(symbol: &str) -> Option<Unit> {
    attached(symbol).filter(|_| matches!(symbol, "g" | "m" | "l" | "L" | "s" | "h" | "V" | "W"))
}

/// "per hour" for "h": how a unit is named after a slash.
pub(super) fn per(symbol: &str) -> Option<&'static str> {
    Some(match symbol {
        "mo" => "month",
        "wk" => "week",
        "yr" => "year",
        "s^2" => "second squared",
        "day" | "month" | "year" | "week" | "hour" | "person" | "night" | "minute" | "second" => {
            return word(symbol);
        }
        _ => attached(symbol)?.0,
    })
}

fn word(symbol: &str) -> Option<&'static str> {
    ["day", "month", "year", "week", "hour", "person", "night", "minute", "second"]
        .into_iter()
        .find(|word| *word == symbol)
}

/// Lengths, areas, volumes, weights, angles.
fn size(symbol: &str) -> Option<Unit> {
    Some(match symbol {
        "km" => ("kilometer", "kilometers"),
        "cm" => ("centimeter", "centimeters"),
        "mm" => ("millimeter", "millimeters"),
        "nm" => ("nanometer", "nanometers"),
        "μm" => ("micrometer", "micrometers"),
        "m^2" | "sqm" => ("square meter", "square meters"),
        "m^3" => ("cubic meter", "cubic meters"),
        "km^2" => ("square kilometer", "square kilometers"),
        "cm^2" => ("square centimeter", "square centimeters"),
        "cm^3" | "cc" => ("cubic centimeter", "cubic centimeters"),
        "ft^2" | "sqft" => ("square foot", "square feet"),
        "ft" => ("foot", "feet"),
        "yd" => ("yard", "yards"),
        "mi" => ("mile", "miles"),
        "ha" => ("hectare", "hectares"),
        "kg" => ("kilogram", "kilograms"),
        "mg" => ("milligram", "milligrams"),
        "μg" | "mcg" => ("microgram", "micrograms"),
        "lb" | "lbs" => ("pound", "pounds"),
        "oz" => ("ounce", "ounces"),
        "ml" | "mL" => ("milliliter", "milliliters"),
        "cl" => ("centiliter", "centiliters"),
        "tsp" => ("teaspoon", "teaspoons"),
        "tbsp" => ("tablespoon", "tablespoons"),
        "gal" => ("gallon", "gallons"),
        "°" => ("degree", "degrees"),
        "°C" => ("degree Celsius", "degrees Celsius"),
        "°F" => ("degree Fahrenheit", "degrees Fahrenheit"),
        _ => return None,
    })
}

/// Times, speeds, shares.
fn quantity(symbol: &str) -> Option<Unit> {
    Some(match symbol {
        "%" | "pct" => ("percent", "percent"),
        "‰" => ("per thousand", "per thousand"),
        "ns" => ("nanosecond", "nanoseconds"),
        "μs" => ("microsecond", "microseconds"),
        "ms" => ("millisecond", "milliseconds"),
        "sec" | "secs" => ("second", "seconds"),
        "min" | "mins" => ("minute", "minutes"),
        "hr" | "hrs" => ("hour", "hours"),
        "yr" | "yrs" => ("year", "years"),
        "mph" => ("mile per hour", "miles per hour"),
        "kph" | "kmh" => ("kilometer per hour", "kilometers per hour"),
        "bpm" => ("beat per minute", "beats per minute"),
        "rpm" => ("revolution per minute", "revolutions per minute"),
        "fps" => ("frame per second", "frames per second"),
        "bps" => ("bit per second", "bits per second"),
        "kbps" => ("kilobit per second", "kilobits per second"),
        "Mbps" => ("megabit per second", "megabits per second"),
        "Gbps" => ("gigabit per second", "gigabits per second"),
        _ => return None,
    })
}

/// Data, electricity, frequency, energy.
fn technical(symbol: &str) -> Option<Unit> {
    Some(match symbol {
        "KB" | "kB" => ("kilobyte", "kilobytes"),
        "MB" => ("megabyte", "megabytes"),
        "GB" => ("gigabyte", "gigabytes"),
        "TB" => ("terabyte", "terabytes"),
        "PB" => ("petabyte", "petabytes"),
        "KiB" => ("kibibyte", "kibibytes"),
        "MiB" => ("mebibyte", "mebibytes"),
        "GiB" => ("gibibyte", "gibibytes"),
        "Hz" => ("hertz", "hertz"),
        "kHz" => ("kilohertz", "kilohertz"),
        "MHz" => ("megahertz", "megahertz"),
        "GHz" => ("gigahertz", "gigahertz"),
        "dB" => ("decibel", "decibels"),
        "kW" => ("kilowatt", "kilowatts"),
        "MW" => ("megawatt", "megawatts"),
        "GW" => ("gigawatt", "gigawatts"),
        "kWh" => ("kilowatt hour", "kilowatt hours"),
        "mAh" => ("milliamp hour", "milliamp hours"),
        "mA" => ("milliamp", "milliamps"),
        "mV" => ("millivolt", "millivolts"),
        "kV" => ("kilovolt", "kilovolts"),
        "Ω" => ("ohm", "ohms"),
        "kΩ" => ("kilohm", "kilohms"),
        "MΩ" => ("megohm", "megohms"),
        "hp" => ("horsepower", "horsepower"),
        "kcal" => ("kilocalorie", "kilocalories"),
        "kJ" => ("kilojoule", "kilojoules"),
        "Pa" => ("pascal", "pascals"),
        "kPa" => ("kilopascal", "kilopascals"),
        "hPa" => ("hectopascal", "hectopascals"),
        "psi" => ("P.S.I.", "P.S.I."),
        "px" => ("pixel", "pixels"),
        "dpi" => ("dot per inch", "dots per inch"),
        _ => return None,
    })
}
