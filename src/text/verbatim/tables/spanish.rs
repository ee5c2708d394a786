//! Spanish.

#[rustfmt::skip]
pub(super) const PHRASES: &[&[&str]] = &[
    &["av.", "avenida"],
    &["al", "a el"], &["del", "de el"], &["pa'", "para", "pa"], &["p'allá", "para allá"], &["ok", "okay", "o.k.", "OK"],
    &["sólo", "solo"], &["éste", "este"], &["ésta", "esta"], &["aquél", "aquel"], &["guión", "guion"], &["período", "periodo"],
    &["vídeo", "video"], &["fútbol", "futbol"], &["icono", "ícono"], &["setiembre", "septiembre"], &["quizá", "quizás"],
    &["México", "Méjico"], &["psicología", "sicología"], &["e-mail", "email", "mail"], &["y", "&"], &["más", "+"],
    &["por ciento", "%", "porciento"],
    &["Sr.", "señor"], &["Sra.", "señora"], &["Srta.", "señorita"], &["Sres.", "señores"], &["D.", "don"], &["Dña.", "doña"],
    &["Dr.", "doctor"], &["Dra.", "doctora"], &["Prof.", "profesor", "profesora"], &["Ing.", "ingeniero"], &["Lic.", "licenciado", "licenciada"],
    &["Ud.", "usted", "Vd."], &["Uds.", "ustedes", "Vds."], &["p. ej.", "por ejemplo"], &["etc.", "etcétera"], &["n.º", "número", "núm.", "nro.", "no."],
    &["pág.", "página"], &["págs.", "páginas"], &["art.", "artículo"], &["cap.", "capítulo", "capitán"], &["vol.", "volumen"], &["fig.", "figura"],
    &["tel.", "teléfono", "tfno."], &["avda.", "avenida", "av."], &["c/", "calle"], &["pza.", "plaza"], &["aprox.", "aproximadamente"],
    &["máx.", "máximo"], &["mín.", "mínimo"], &["dpto.", "departamento", "depto."], &["cía.", "compañía"], &["a. C.", "antes de Cristo"],
    &["d. C.", "después de Cristo"], &["EE. UU.", "Estados Unidos"], &["S. A.", "sociedad anónima"], &["a. m.", "de la mañana"],
    &["p. m.", "de la tarde", "de la noche"], &["izq.", "izquierda", "izda."], &["dcha.", "derecha"], &["Sta.", "santa"], &["Sto.", "santo"],
    &["Gral.", "general"], &["gob.", "gobierno"], &["ene.", "enero"], &["feb.", "febrero"], &["mar.", "marzo"], &["abr.", "abril"], &["jun.", "junio"],
    &["jul.", "julio"], &["ago.", "agosto"], &["sept.", "septiembre", "sep."], &["oct.", "octubre"], &["nov.", "noviembre"], &["dic.", "diciembre"],
    &["lun.", "lunes"], &["mié.", "miércoles"], &["jue.", "jueves"], &["vie.", "viernes"], &["sáb.", "sábado"], &["dom.", "domingo"],
    &["vs.", "versus", "contra"],
];

#[rustfmt::skip]
pub(super) const UNITS: &[&[&str]] = &[
    &["km", "kilómetro", "kilómetros"], &["m", "metro", "metros"], &["cm", "centímetro", "centímetros"], &["mm", "milímetro", "milímetros"],
    &["kg", "kilogramo", "kilogramos", "kilo", "kilos"], &["g", "gramo", "gramos"], &["mg", "miligramo", "miligramos"],
    &["t", "tonelada", "toneladas"], &["l", "litro", "litros"], &["ml", "mililitro", "mililitros"], &["h", "hora", "horas"],
    &["min", "minuto", "minutos"], &["s", "segundo", "segundos", "seg."], &["d", "día", "días"],
    &["km/h", "kilómetros por hora", "kilómetro por hora", "kmh"], &["m/s", "metros por segundo"], &["kWh", "kilovatios hora", "kilovatio hora"],
    &["kW", "kilovatio", "kilovatios"], &["W", "vatio", "vatios"], &["V", "voltio", "voltios"], &["Hz", "hercio", "hercios"],
    &["MB", "megabyte", "megabytes", "megas"], &["GB", "gigabyte", "gigabytes", "gigas"], &["TB", "terabyte", "terabytes"],
    &["°C", "grados Celsius", "grados centígrados", "grado Celsius", "grados", "grados C", "C"], &["°F", "grados Fahrenheit"], &["°", "grados", "grado"],
    &["m²", "m2", "metros cuadrados", "metro cuadrado"], &["km²", "km2", "kilómetros cuadrados"], &["m³", "m3", "metros cúbicos"],
    &["dB", "decibelios"], &["ha", "hectárea", "hectáreas"], &["x", "por"], &["M", "millones"],
];
