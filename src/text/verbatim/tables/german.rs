//! German.

#[rustfmt::skip]
pub(super) const PHRASES: &[&[&str]] = &[
    &["hab's", "habe es", "hab es"], &["Version", "v."], &["Quadrat", "²"],
    // contractions
    &["fürs", "für das"], &["ins", "in das"], &["ans", "an das"], &["aufs", "auf das"], &["durchs", "durch das"],
    &["ums", "um das"], &["übers", "über das"], &["unters", "unter das"], &["vors", "vor das"], &["hinters", "hinter das"],
    &["im", "in dem"], &["am", "an dem"], &["zum", "zu dem"], &["zur", "zu der"], &["vom", "von dem"], &["beim", "bei dem"],
    &["überm", "über dem"], &["unterm", "unter dem"], &["hinterm", "hinter dem"], &["vorm", "vor dem"],
    &["hab'", "habe", "hab"], &["ich geh", "ich gehe"], &["ich komm", "ich komme"], &["ich mach", "ich mache"],
    &["ich glaub", "ich glaube"], &["ich denk", "ich denke"], &["ich sag", "ich sage"], &["ich find", "ich finde"],
    &["'ne", "eine"], &["'nen", "einen"], &["'n", "ein"], &["'nem", "einem"], &["'ner", "einer"],
    &["heut", "heute"], &["gerne", "gern"], &["grad", "gerade", "grade"],
    &["raus", "heraus", "hinaus"], &["rein", "herein", "hinein"], &["runter", "herunter", "hinunter"],
    &["rauf", "herauf", "hinauf"], &["drin", "darin"], &["dran", "daran"], &["drauf", "darauf"],
    // spellings
    &["okay", "OK", "o.k.", "ok"], &["Foto", "Photo"], &["Fotos", "Photos"], &["Telefon", "Telephon"],
    &["Fantasie", "Phantasie"], &["Grafik", "Graphik"], &["Delfin", "Delphin"], &["Portemonnaie", "Portmonee"],
    &["Soße", "Sauce"], &["Joghurt", "Jogurt"], &["aufwändig", "aufwendig"], &["zugrunde", "zu Grunde"],
    &["sodass", "so dass"], &["selbstständig", "selbständig"], &["mithilfe", "mit Hilfe"], &["anhand", "an Hand"],
    &["Potenzial", "Potential"], &["Tipp", "Tip"], &["Café", "Cafe"], &["Cafés", "Cafes"],
    &["infrage", "in Frage"], &["zuhause", "zu Hause"], &["und", "&", "u."], &["plus", "+"], &["gleich", "="],
    &["Prozent", "%"], &["Paragraf", "§", "Paragraph"],
    // abbreviations
    &["z. B.", "zum Beispiel"], &["d. h.", "das heißt"], &["u. a.", "unter anderem", "und andere"], &["usw.", "und so weiter"],
    &["bzw.", "beziehungsweise"], &["ca.", "circa", "zirka"], &["etc.", "et cetera"], &["evtl.", "eventuell"],
    &["ggf.", "gegebenenfalls"], &["inkl.", "inklusive"], &["exkl.", "exklusive"], &["zzgl.", "zuzüglich"], &["abzgl.", "abzüglich"],
    &["vgl.", "vergleiche"], &["sog.", "sogenannte", "sogenannten", "sogenannter"], &["Dr.", "Doktor"], &["Prof.", "Professor"],
    &["Hr.", "Herr"], &["Hrn.", "Herrn"], &["Fr.", "Frau", "Freitag"], &["Nr.", "Nummer"], &["Str.", "Straße"],
    &["St.", "Sankt"], &["Tel.", "Telefon"], &["Mio.", "Millionen", "Million"], &["Mrd.", "Milliarden", "Milliarde"],
    &["Std.", "Stunde", "Stunden"], &["Min.", "Minute", "Minuten"], &["Sek.", "Sekunde", "Sekunden"], &["max.", "maximal"],
    &["min.", "minimal", "mindestens"], &["mind.", "mindestens"], &["Abs.", "Absatz"], &["Art.", "Artikel"], &["Abb.", "Abbildung"],
    &["Kap.", "Kapitel"], &["S.", "Seite"], &["Bd.", "Band"], &["Hbf.", "Hauptbahnhof"], &["Bhf.", "Bahnhof"],
    &["geb.", "geboren", "geborene"], &["gest.", "gestorben"], &["v. Chr.", "vor Christus"], &["n. Chr.", "nach Christus"],
    &["MwSt.", "Mehrwertsteuer"], &["GmbH", "Gesellschaft mit beschränkter Haftung"], &["i. d. R.", "in der Regel"],
    &["o. Ä.", "oder Ähnliches"], &["u. U.", "unter Umständen"], &["z. T.", "zum Teil"], &["z. Z.", "zurzeit", "zur Zeit", "z. Zt."],
    &["bspw.", "beispielsweise"], &["dt.", "deutsch"], &["engl.", "englisch"], &["Jh.", "Jahrhundert", "Jahrhunderts"],
    &["Jan.", "Januar"], &["Feb.", "Februar"], &["Apr.", "April"], &["Aug.", "August"], &["Sept.", "September", "Sep."],
    &["Okt.", "Oktober"], &["Nov.", "November"], &["Dez.", "Dezember"], &["Mo.", "Montag"], &["Di.", "Dienstag"],
    &["Mi.", "Mittwoch"], &["Do.", "Donnerstag"], &["Sa.", "Samstag"], &["So.", "Sonntag"], &["Lkw", "Lastkraftwagen", "Laster"],
    &["Pkw", "Personenkraftwagen"], &["www", "we we we"], &["USA", "Vereinigten Staaten"],
];

#[rustfmt::skip]
pub(super) const UNITS: &[&[&str]] = &[
    &["km", "Kilometer", "Kilometern", "Kilometers"], &["m", "Meter", "Metern"], &["cm", "Zentimeter", "Zentimetern"],
    &["mm", "Millimeter", "Millimetern"], &["kg", "Kilogramm", "Kilo"], &["g", "Gramm"], &["mg", "Milligramm"],
    &["t", "Tonne", "Tonnen"], &["l", "Liter", "Litern"], &["ml", "Milliliter", "Millilitern"], &["h", "Stunde", "Stunden", "Std.", "Uhr"],
    &["min", "Minute", "Minuten"], &["s", "Sekunde", "Sekunden", "Sek."], &["ms", "Millisekunden"], &["d", "Tage", "Tagen"],
    &["km/h", "Kilometer pro Stunde", "Stundenkilometer", "Stundenkilometern", "kmh", "Kilometern pro Stunde"],
    &["m/s", "Meter pro Sekunde"], &["kWh", "Kilowattstunde", "Kilowattstunden"], &["kW", "Kilowatt"], &["W", "Watt"],
    &["V", "Volt"], &["A", "Ampere"], &["Hz", "Hertz"], &["GHz", "Gigahertz"], &["MHz", "Megahertz"],
    &["MB", "Megabyte"], &["GB", "Gigabyte"], &["TB", "Terabyte"], &["Mbit/s", "Megabit pro Sekunde"],
    &["°C", "Grad Celsius", "Grad", "Grad C", "C"], &["°F", "Grad Fahrenheit"], &["°", "Grad"],
    &["m²", "m2", "qm", "Quadratmeter", "Quadratmetern"], &["km²", "km2", "Quadratkilometer"], &["m³", "m3", "Kubikmeter", "Kubikmetern"],
    &["dB", "Dezibel"], &["kcal", "Kilokalorien"], &["x", "mal"], &["PS", "Pferdestärken"], &["Mio.", "Millionen", "Million"],
    &["Mrd.", "Milliarden", "Milliarde"], &["ha", "Hektar"],
];
