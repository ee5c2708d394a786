//! French.

#[rustfmt::skip]
pub(super) const PHRASES: &[&[&str]] = &[
    // elisions of everyday speech
    &["j'suis", "je suis"], &["j'sais", "je sais"], &["t'as", "tu as"], &["t'es", "tu es"], &["y'a", "il y a"],
    &["y a", "il y a"], &["j'vais", "je vais"], &["p'tit", "petit"], &["p'tite", "petite"], &["c'est", "ce est"],
    &["qu'il", "que il"], &["qu'elle", "que elle"], &["s'il", "si il"], &["lorsqu'il", "lorsque il"], &["puisqu'il", "puisque il"],
    &["j'ai", "je ai"], &["d'un", "de un"], &["d'une", "de une"], &["l'on", "on"],
    &["okay", "OK", "ok"],
    // spellings
    &["clé", "clef"], &["clés", "clefs"], &["événement", "évènement"], &["événements", "évènements"], &["week-end", "weekend"],
    &["oignon", "ognon"], &["maître", "maitre"], &["connaître", "connaitre"], &["paraît", "parait"], &["plaît", "plait"],
    &["août", "aout"], &["coût", "cout"], &["coûte", "coute"], &["coûter", "couter"], &["goût", "gout"], &["sûr", "sur"],
    &["boîte", "boite"], &["fraîche", "fraiche"], &["dîner", "diner"], &["île", "ile"], &["cuillère", "cuiller"],
    &["e-mail", "email", "mail", "courriel"], &["et", "&"], &["plus", "+"], &["pour cent", "%", "pourcent"],
    // abbreviations
    &["M.", "monsieur", "Mr"], &["MM.", "messieurs"], &["Mme", "madame"], &["Mmes", "mesdames"], &["Mlle", "mademoiselle"],
    &["Dr", "docteur"], &["Pr", "professeur"], &["Me", "maître"], &["St", "saint"], &["Ste", "sainte"], &["n°", "numéro", "no"],
    &["p. ex.", "par exemple"], &["c.-à-d.", "c'est-à-dire"], &["etc.", "et cetera", "et cætera"], &["env.", "environ"],
    &["cf.", "confer", "voir"], &["av.", "avenue", "avant"], &["bd", "boulevard", "boul."], &["tél.", "téléphone"],
    &["art.", "article"], &["chap.", "chapitre"], &["p.", "page"], &["vol.", "volume"], &["éd.", "édition"], &["fig.", "figure"],
    &["max.", "maximum"], &["min.", "minimum", "minutes"], &["apr. J.-C.", "après Jésus-Christ"], &["av. J.-C.", "avant Jésus-Christ"],
    &["SVP", "s'il vous plaît", "s'il te plaît", "s'il vous plait"], &["RDV", "rendez-vous"], &["TTC", "toutes taxes comprises"], &["HT", "hors taxes"],
    &["SNCF", "Société nationale des chemins de fer"], &["janv.", "janvier"], &["févr.", "février"], &["avr.", "avril"],
    &["juil.", "juillet"], &["sept.", "septembre"], &["oct.", "octobre"], &["nov.", "novembre"], &["déc.", "décembre"],
    &["lun.", "lundi"], &["mar.", "mardi"], &["mer.", "mercredi"], &["jeu.", "jeudi"], &["ven.", "vendredi"], &["sam.", "samedi"],
    &["dim.", "dimanche"], &["vs", "versus", "contre"],
    &["USA", "États-Unis"], &["appt", "appartement"], &["Cie", "compagnie"],
];

#[rustfmt::skip]
pub(super) const UNITS: &[&[&str]] = &[
    &["km", "kilomètre", "kilomètres"], &["m", "mètre", "mètres"], &["cm", "centimètre", "centimètres"],
    &["mm", "millimètre", "millimètres"], &["kg", "kilogramme", "kilogrammes", "kilo", "kilos"], &["g", "gramme", "grammes"],
    &["mg", "milligramme", "milligrammes"], &["t", "tonne", "tonnes"], &["l", "litre", "litres"], &["ml", "millilitre", "millilitres"],
    &["cl", "centilitre", "centilitres"], &["h", "heure", "heures"], &["min", "minute", "minutes", "mn"], &["s", "seconde", "secondes"],
    &["j", "jour", "jours"], &["km/h", "kilomètres par heure", "kilomètres heure", "kilomètres à l'heure", "kilomètre heure", "kmh"],
    &["m/s", "mètres par seconde"], &["kWh", "kilowattheure", "kilowattheures", "kilowatts-heures"], &["kW", "kilowatt", "kilowatts"],
    &["W", "watt", "watts"], &["V", "volt", "volts"], &["A", "ampère", "ampères"], &["Hz", "hertz"], &["GHz", "gigahertz"],
    &["Mo", "mégaoctet", "mégaoctets", "MB", "méga"], &["Go", "gigaoctet", "gigaoctets", "GB", "giga"], &["To", "téraoctets", "téraoctet"],
    &["°C", "degrés Celsius", "degré Celsius", "degrés", "degrés C", "C"], &["°F", "degrés Fahrenheit"], &["°", "degrés", "degré"],
    &["m²", "m2", "mètres carrés", "mètre carré"], &["km²", "km2", "kilomètres carrés"], &["m³", "m3", "mètres cubes"],
    &["dB", "décibels"], &["ha", "hectare", "hectares"], &["x", "fois"], &["M", "millions", "million"], &["Md", "milliards"],
];
