//! English.

/// Endings that are written otherwise across the ocean. A row that makes a word that is none does no harm.
#[rustfmt::skip]
pub(in crate::text::verbatim) const SPELLINGS: [(&str, &str); 46] = [
    ("ise", "ize"), ("isi", "izi"), ("isa", "iza"), ("yse", "yze"), ("ysi", "yzi"), ("colour", "color"),
    ("avour", "avor"), ("onour", "onor"), ("abour", "abor"), ("ighbour", "ighbor"), ("arbour", "arbor"),
    ("umour", "umor"), ("aviour", "avior"), ("deavour", "deavor"), ("odour", "odor"), ("vapour", "vapor"),
    ("armour", "armor"), ("igour", "igor"), ("parlour", "parlor"), ("centre", "center"), ("theatre", "theater"),
    ("metre", "meter"), ("litre", "liter"), ("fibre", "fiber"), ("calibre", "caliber"), ("logue", "log"),
    ("efence", "efense"), ("icence", "icense"), ("ffence", "ffense"), ("ractise", "ractice"), ("avell", "avel"),
    ("ancell", "ancel"), ("odell", "odel"), ("abell", "abel"), ("ignall", "ignal"), ("uell", "uel"), ("evell", "evel"),
    ("grey", "gray"), ("gramme", "gram"), ("mould", "mold"), ("plough", "plow"), ("jewellery", "jewelry"),
    ("aluminium", "aluminum"), ("judgement", "judgment"), ("acknowledgement", "acknowledgment"), ("paed", "ped"),
];

#[rustfmt::skip]
pub(super) const PHRASES: &[&[&str]] = &[
    &["version", "v."], &["cents", "¢"], &["number", "#"], &["squared", "²"], &["cubed", "³"],
    // contractions that no ending tells
    &["won't", "will not"], &["can't", "cannot", "can not"], &["shan't", "shall not"], &["ain't", "is not", "am not", "are not"],
    &["isn't", "is not"], &["aren't", "are not"], &["wasn't", "was not"], &["weren't", "were not"],
    &["don't", "do not"], &["doesn't", "does not"], &["didn't", "did not"], &["haven't", "have not"],
    &["hasn't", "has not"], &["hadn't", "had not"], &["wouldn't", "would not"], &["couldn't", "could not"],
    &["shouldn't", "should not"], &["mustn't", "must not"], &["needn't", "need not"], &["mightn't", "might not"],
    &["let's", "let us"], &["gonna", "going to"], &["wanna", "want to"], &["gotta", "got to", "have got to"],
    &["gimme", "give me"], &["lemme", "let me"], &["kinda", "kind of"], &["sorta", "sort of"], &["outta", "out of"],
    &["dunno", "don't know", "do not know"], &["'cause", "because", "'cuz"], &["'em", "them"], &["y'all", "you all"],
    &["o'clock", "of the clock"], &["ma'am", "madam"], &["'til", "till", "until"], &["could've", "could have"],
    // spellings
    &["OK", "okay", "o.k.", "ok"], &["grey", "gray"], &["tyre", "tire"], &["cheque", "check"], &["kerb", "curb"],
    &["practise", "practice"], &["program", "programme"], &["all right", "alright"], &["whisky", "whiskey"],
    &["towards", "toward"], &["learnt", "learned"], &["dreamt", "dreamed"], &["burnt", "burned"], &["spelt", "spelled"],
    &["ax", "axe"], &["skilful", "skillful"], &["fulfil", "fulfill"], &["enrol", "enroll"], &["pyjamas", "pajamas"],
    &["storey", "story"], &["draught", "draft"], &["disc", "disk"], &["hiccup", "hiccough"], &["donut", "doughnut"],
    &["naïve", "naive"], &["café", "cafe"], &["cafés", "cafes"], &["résumé", "resume", "resumé"], &["fiancé", "fiance"],
    &["fiancée", "fiancee"], &["cliché", "cliche"], &["façade", "facade"], &["jalapeño", "jalapeno"], &["voilà", "voila"],
    &["moustache", "mustache"], &["yoghurt", "yogurt"], &["ageing", "aging"], &["per cent", "percent", "%"],
    &["and", "&"], &["plus", "+"], &["equals", "="], &["yeah", "yea"], &["mum", "mom"], &["hm", "hmm", "hmmm"],
    &["www", "double u double u double u", "triple w"],
    // abbreviations
    &["Mr.", "mister"], &["Mrs.", "missus", "missis", "misses"], &["Ms.", "miss", "miz"], &["Dr.", "doctor", "drive"],
    &["Drs.", "doctors"], &["Prof.", "professor"], &["St.", "saint", "street"], &["Jr.", "junior"], &["Sr.", "senior"],
    &["Rev.", "reverend"], &["Gen.", "general"], &["Capt.", "captain"], &["Lt.", "lieutenant"], &["Sgt.", "sergeant"],
    &["Col.", "colonel"], &["Gov.", "governor"], &["Sen.", "senator"], &["Rep.", "representative"], &["Pres.", "president"],
    &["Hon.", "honorable", "honourable"], &["Mt.", "mount"], &["Ave.", "avenue"], &["Blvd.", "boulevard"], &["Rd.", "road"],
    &["Hwy.", "highway"], &["Apt.", "apartment"], &["Ste.", "suite"], &["Dept.", "department"], &["Univ.", "university"],
    &["Inc.", "incorporated"], &["Ltd.", "limited"], &["Co.", "company"], &["Corp.", "corporation"], &["Bros.", "brothers"],
    &["No.", "number", "numero"], &["Nos.", "numbers"], &["vol.", "volume"], &["ch.", "chapter"], &["p.", "page"],
    &["pp.", "pages"], &["fig.", "figure"], &["sec.", "section", "second"], &["art.", "article"], &["ed.", "edition", "editor"],
    &["e.g.", "for example", "for instance", "eg"], &["i.e.", "that is", "ie"], &["etc.", "et cetera", "and so on"],
    &["vs.", "versus", "v.", "against"], &["approx.", "approximately"], &["ca.", "circa"], &["cf.", "compare"],
    &["est.", "established", "estimated"], &["max.", "maximum"], &["min.", "minimum", "minutes", "minute"],
    &["avg.", "average"], &["incl.", "including", "inclusive"], &["misc.", "miscellaneous"], &["tel.", "telephone", "phone"],
    &["ext.", "extension"], &["a.k.a.", "also known as"], &["asap", "as soon as possible"], &["FAQ", "frequently asked questions"],
    &["RSVP", "please reply"], &["P.S.", "post script"], &["N.B.", "nota bene"], &["a.m.", "in the morning", "am"],
    &["p.m.", "in the afternoon", "in the evening", "pm"], &["A.D.", "anno domini"], &["B.C.", "before christ"],
    &["U.S.", "united states"], &["U.S.A.", "united states of america"], &["U.K.", "united kingdom"],
    &["E.U.", "european union"], &["U.N.", "united nations"], &["w/", "with"], &["w/o", "without"], &["b/c", "because"], &["TV", "television"],
    // days and months
    &["Mon.", "monday"], &["Tue.", "tues.", "tuesday"], &["Wed.", "wednesday"], &["Thu.", "thur.", "thurs.", "thursday"],
    &["Fri.", "friday"], &["Sat.", "saturday"], &["Sun.", "sunday"], &["Jan.", "january"], &["Feb.", "february"],
    &["Mar.", "march"], &["Apr.", "april"], &["Jun.", "june"], &["Jul.", "july"], &["Aug.", "august"],
    &["september", "sep.", "sept."], &["Oct.", "october"], &["Nov.", "november"], &["Dec.", "december"],
];

#[rustfmt::skip]
pub(super) const UNITS: &[&[&str]] = &[
    &["km", "kilometer", "kilometers", "kilometre", "kilometres", "k", "kms"],
    &["m", "meter", "meters", "metre", "metres"],
    &["cm", "centimeter", "centimeters", "centimetre", "centimetres"],
    &["mm", "millimeter", "millimeters", "millimetre", "millimetres"],
    &["mi", "mile", "miles"], &["ft", "foot", "feet"], &["in", "inch", "inches"], &["yd", "yard", "yards"],
    &["kg", "kilogram", "kilograms", "kilo", "kilos", "kgs"], &["g", "gram", "grams"], &["mg", "milligram", "milligrams"],
    &["lb", "lbs", "pound", "pounds"], &["oz", "ounce", "ounces"], &["t", "ton", "tons", "tonne", "tonnes"],
    &["l", "liter", "liters", "litre", "litres"], &["ml", "milliliter", "milliliters", "millilitre", "millilitres"],
    &["h", "hr", "hrs", "hour", "hours"], &["min", "mins", "minute", "minutes"], &["s", "sec", "secs", "second", "seconds"],
    &["ms", "millisecond", "milliseconds"], &["d", "day", "days"], &["yr", "yrs", "year", "years"], &["wk", "week", "weeks"],
    &["km/h", "kph", "kmh", "kilometers per hour", "kilometres per hour", "kilometers an hour", "kilometres an hour"],
    &["mph", "miles per hour", "miles an hour"], &["m/s", "meters per second", "metres per second"],
    &["kWh", "kilowatt hour", "kilowatt hours"], &["kW", "kilowatt", "kilowatts"], &["W", "watt", "watts"],
    &["V", "volt", "volts"], &["A", "amp", "amps", "ampere", "amperes"], &["Hz", "hertz"], &["kHz", "kilohertz"],
    &["MHz", "megahertz"], &["GHz", "gigahertz"], &["B", "byte", "bytes"], &["kB", "kilobyte", "kilobytes"],
    &["MB", "megabyte", "megabytes", "meg", "megs"], &["GB", "gigabyte", "gigabytes", "gig", "gigs"],
    &["TB", "terabyte", "terabytes"], &["Mbps", "megabits per second", "mbit/s"], &["Gbps", "gigabits per second"],
    &["°C", "degrees celsius", "degree celsius", "degrees c", "celsius", "degrees", "c", "degrees centigrade"],
    &["°F", "degrees fahrenheit", "degree fahrenheit", "degrees f", "fahrenheit", "degrees", "f"],
    &["°", "degrees", "degree"], &["m²", "m2", "sqm", "sq m", "square meters", "square metres", "square meter", "square metre"],
    &["km²", "km2", "square kilometers", "square kilometres"], &["sq ft", "square feet", "square foot", "ft²"],
    &["m³", "m3", "cubic meters", "cubic metres"], &["dB", "decibel", "decibels"], &["cal", "calories"], &["kcal", "kilocalories"],
    &["x", "times"], &["px", "pixel", "pixels"], &["pct", "percent", "%", "per cent"], &["am", "a.m.", "in the morning"],
    &["D", "dimensional"],
];
