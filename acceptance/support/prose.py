"""Replies as an assistant gives them, in five languages, and the pieces and pace in which a model writes them."""

import random
import re

REPLIES = {
    "en": (
        "The short answer is that it depends on how often you drive. According to Dr. Mallory, who has tested some "
        "40 cars since 2019, an electric car pays for itself after about 98,000 km; \"before that,\" she says, "
        "\"you are simply buying comfort.\" There are three things worth checking first:\n\n"
        "1. What does a kilowatt-hour cost where you live?\n"
        "2. Can you charge at home, e.g. in a garage?\n"
        "3. How long do you keep a car, on average?\n\n"
        "If the answers are 0.35, yes, and eight years, then go ahead. If not, a used hybrid for approx. 12,500 "
        "dollars is the better choice, and nobody will think less of you for it.",
        "You can still make it to the station in time. The 5:42 p.m. train leaves from platform 9, not from "
        "platform 3 as the sign in the hall says; Mr. Osei at the information desk has just confirmed that. Walk "
        "straight past the bakery, take the stairs on the left (the lift is out of order), and turn right at the "
        "top. It is about 350 metres, so four minutes if you are not carrying much.\n\n"
        "Should you miss it all the same, don't worry. The next one goes at 6:12, costs the same, and arrives only "
        "25 minutes later. Would you like me to let your sister know?",
        "When the old lighthouse was switched off in the winter of 1987, hardly anybody on the island noticed, "
        "because the fog had been so thick for weeks that there was nothing to be seen anyway. The keeper, a quiet "
        "man by the name of J. P. Harrow, stayed on. He painted the door every spring, he wound the clock, and he "
        "wrote down the weather: \"Wind N.W., 6 to 7. Rain. No ships.\" It was only when his books were found, "
        "forty volumes in all, that people began to understand what he had been doing. They are the longest "
        "unbroken record of rain on that coast. A university now keeps them in a dry room, at 18 degrees, and "
        "students come from far away to read about the rain.",
        "Good question, and one that many people get wrong. A loan of 240,000 at 3.9 % over 25 years comes to "
        "1,253.60 a month; over 20 years it is 1,441.77. That looks like a lot more, but look at the sum. In the "
        "first case you pay back about 376,000, in the second about 346,000, i.e. 30,000 less.\n\n"
        "Here is what I would do:\n\n"
        "- Take the longer term, to be on the safe side.\n"
        "- Make sure that you may pay in 5 % extra each year.\n"
        "- Put every bonus into it, no matter how small.\n\n"
        "\"Debt is patient,\" my grandmother used to say, \"but it never sleeps.\" She had a point. Shall we go "
        "through your other costs, too?",
    ),
    "de": (
        "Ihre Bestellung ist gestern gegen 16.30 Uhr im Lager eingetroffen. Leider fehlt noch eines der beiden "
        "Teile, und zwar das Netzteil mit der Nr. 4711, das laut Hersteller erst am 14. Februar geliefert wird. "
        "Sie haben jetzt zwei Möglichkeiten:\n\n"
        "1. Wir schicken Ihnen alles zusammen, also voraussichtlich am 16. Februar.\n"
        "2. Wir schicken das Gerät sofort und reichen das Netzteil nach; das kostet Sie nichts.\n\n"
        "Die meisten Kunden entscheiden sich für den zweiten Weg, da das Gerät z. B. auch mit einem älteren "
        "Netzteil läuft. Was ist Ihnen lieber? Falls Sie unsicher sind, ruft Sie Frau Dr. Lindner gern zurück, und "
        "zwar Mo. bis Fr. zwischen 9 und 17 Uhr.",
        "Der Wanderweg beginnt direkt hinter der alten Mühle. Die ersten 3,5 km führen sanft bergauf durch einen "
        "Buchenwald, danach wird es steiler, und ab ca. 1.400 m Höhe hat man einen freien Blick auf den See. Für "
        "den ganzen Rundweg brauchen geübte Wanderer etwa vier Stunden; mit Kindern sollte man eher fünfeinhalb "
        "einplanen.\n\n"
        "Unterwegs gibt es zwei Hütten. Die untere hat ganzjährig geöffnet, die obere nur von Mai bis Oktober. "
        "„Bei uns ist noch niemand hungrig weitergegangen“, sagt die Wirtin, und wer ihren Kaiserschmarrn probiert "
        "hat, glaubt ihr das sofort. Nehmen Sie trotzdem genug Wasser mit! Im Sommer ist die Quelle am Sattel "
        "nämlich oft versiegt.",
        "Als die Glocken zum letzten Mal läuteten, war der Platz vor dem Rathaus bereits voller Menschen, die "
        "einander kaum kannten und doch alle auf dasselbe warteten. Der Bürgermeister trat um Punkt zwölf auf den "
        "Balkon. „Meine Damen und Herren“, begann er, „ich habe heute nur einen Satz für Sie.“ Dann schwieg er so "
        "lange, dass einige schon zu lachen begannen. Schließlich sagte er: „Die Brücke wird gebaut.“ Es war das "
        "Jahr 1893, und niemand ahnte, dass bis zur Eröffnung noch 19 Jahre vergehen sollten. Heute fahren jeden "
        "Tag rund 62.000 Fahrzeuge darüber. Kaum jemand denkt dabei an den Mann auf dem Balkon, der übrigens nie "
        "selbst hinübergegangen ist.",
        "Das lässt sich mit wenigen Handgriffen beheben. Ziehen Sie zuerst den Stecker, warten Sie zehn Sekunden, "
        "und stecken Sie ihn dann wieder ein. Leuchtet die Lampe grün, ist alles in Ordnung; blinkt sie rot, liegt "
        "es wahrscheinlich am Filter.\n\n"
        "So tauschen Sie ihn aus:\n\n"
        "- Öffnen Sie die Klappe auf der Rückseite.\n"
        "- Drehen Sie den Filter um ca. 90 Grad nach links.\n"
        "- Setzen Sie den neuen ein, bis er hörbar einrastet.\n\n"
        "Ein neuer Filter kostet 24,90 Euro und hält bei normaler Benutzung, d. h. etwa zwei Stunden am Tag, "
        "ungefähr ein Jahr. Brauchen Sie die Bestellnummer, oder soll ich ihn gleich für Sie bestellen?",
    ),
    "fr": (
        "Pour préparer cette soupe, il vous faut environ 45 minutes. Commencez par éplucher 600 g de carottes et "
        "deux oignons ; coupez le tout en petits morceaux, puis faites-les revenir dans un peu de beurre. Ajoutez "
        "ensuite 1,5 litre d'eau, une branche de thym et, si vous aimez, une pincée de cumin. « Le secret, disait "
        "ma tante, c'est de ne jamais être pressé ! » Laissez donc cuire à feu doux.\n\n"
        "Avant de servir, n'oubliez pas :\n\n"
        "- de retirer le thym,\n"
        "- de goûter,\n"
        "- d'ajouter une cuillère de crème.\n\n"
        "Le lendemain, elle sera encore meilleure. Voulez-vous aussi une idée pour le dessert ?",
        "Le musée est ouvert tous les jours sauf le mardi, de 9 h 30 à 18 heures. M. Lefèvre, qui dirige la "
        "collection depuis 2004, conseille de commencer par le deuxième étage, où se trouvent les dessins, puis de "
        "redescendre vers les grandes salles. Comptez deux bonnes heures. L'entrée coûte 12 euros ; elle est "
        "gratuite pour les moins de 26 ans, ainsi que le premier dimanche du mois.\n\n"
        "Si vous venez en métro, descendez à la station qui porte le nom du musée, et non à la suivante comme "
        "l'indiquent encore certains guides. Souhaitez-vous que je réserve deux billets pour samedi matin ?",
        "Longtemps, les habitants du village ont cru que le puits n'avait pas de fond. On y jetait des pierres, on "
        "écoutait, on n'entendait rien. En 1911, un instituteur nommé A. Berthier voulut en avoir le cœur net : il "
        "attacha bout à bout toutes les cordes de la commune, y suspendit une lanterne, et la descendit lentement, "
        "sous les yeux de 200 personnes. À 87 mètres, la lanterne s'éteignit. « C'est donc là que finit la lumière "
        "», dit-il simplement. Depuis, le puits a été mesuré avec des appareils modernes. Il a 91 mètres de "
        "profondeur. L'instituteur ne s'était trompé que de quatre mètres, et la place porte aujourd'hui son nom.",
        "Votre contrat peut être résilié à tout moment après la première année. Il suffit d'envoyer une lettre "
        "recommandée au moins 30 jours avant la date souhaitée ; un courriel ne suffit malheureusement pas. Voici "
        "ce qu'elle doit contenir :\n\n"
        "1. Votre nom et votre numéro de client.\n"
        "2. La date à laquelle le contrat doit prendre fin.\n"
        "3. Votre signature, bien entendu.\n\n"
        "Mme Durand, de notre service, vous répondra sous 8 jours ouvrés. D'après mes informations, il ne vous "
        "reste que 38,40 euros à payer, c.-à-d. les deux derniers mois. Désirez-vous que je vous prépare un modèle "
        "de lettre ?",
    ),
    "es": (
        "El vuelo a Bogotá sale mañana a las 7:25 de la terminal dos. Le recomiendo llegar con al menos 90 minutos "
        "de antelación, porque los lunes suele haber mucha gente en el control. Puede llevar una maleta de 23 kg y "
        "un bolso de mano; lo demás se paga aparte, unos 35 euros por pieza. ¿Necesita un asiento junto al "
        "pasillo?\n\n"
        "Antes de salir, compruebe lo siguiente:\n\n"
        "- que su pasaporte sea válido,\n"
        "- que tenga la dirección del hotel,\n"
        "- que el teléfono esté cargado.\n\n"
        "La Sra. Morales le esperará a la salida con un cartel. ¡Buen viaje! Si algo cambia, le avisaré enseguida.",
        "La receta de mi abuela era muy sencilla, aunque nadie consiguió nunca repetirla. Ponía medio kilo de "
        "tomates, dos dientes de ajo y un pimiento; luego añadía sal, aceite y, según ella, «un poco de "
        "paciencia». Lo dejaba reposar una noche entera. Al día siguiente, hacia las 13.30, llegaban los primos, "
        "que en 1974 éramos ya 17, y no quedaba nada.\n\n"
        "Cuando le preguntaban por el secreto, se reía. «El secreto», decía, «es tener hambre.» Hoy, cincuenta "
        "años después, creo que tenía razón. He probado el mismo plato en tres restaurantes, y en ninguno me ha "
        "sabido igual.",
        "Para cambiar la contraseña, abra primero la página de su cuenta. Arriba a la derecha verá un engranaje; "
        "pulse sobre él y elija «Seguridad». Allí le pedirán la contraseña actual y, dos veces, la nueva. Debe "
        "tener 12 caracteres como mínimo, p. ej. una frase corta que solo usted conozca.\n\n"
        "¿Y si la ha olvidado? En ese caso, siga estos pasos:\n\n"
        "1. Pulse en el enlace que hay debajo del formulario.\n"
        "2. Espere el mensaje, que tarda unos 2 minutos.\n"
        "3. Escriba el código de seis cifras.\n\n"
        "El código caduca a los 15 minutos. Si no le llega nada, escríbame otra vez y lo miramos juntos.",
        "Nadie sabía con certeza cuántos años tenía el olivo de la plaza. El alcalde decía que 800; el Dr. Robles, "
        "que lo había estudiado, hablaba de 1.200 por lo menos. En verano daba sombra a todo el pueblo, y en "
        "otoño, cuando caían las aceitunas, los niños las recogían en sus gorras. Un día llegó un hombre de la "
        "capital y ofreció 40.000 euros por él. Hubo una asamblea que duró hasta las dos de la madrugada. «¿Y "
        "dónde nos vamos a sentar?», preguntó al fin una anciana. No hizo falta votar. El hombre volvió a su "
        "coche, se quedó un rato bajo las ramas, y dicen que, antes de irse, pidió perdón al árbol.",
    ),
    "ja": (
        "ご予約の件ですが、明日の午後三時で間違いなく承っております。場所は駅の南口から歩いて5分ほど、大きな銀行の"
        "隣にある白い建物の2階です。入口が少しわかりにくいので、赤い看板を目印にしてください。当日お持ちいただくも"
        "のは、次の三つです。\n\n"
        "1. 身分証明書\n"
        "2. 前回お渡しした青い用紙\n"
        "3. 印鑑（お持ちの場合）\n\n"
        "雨の予報が出ていますから、傘もお忘れなく。もし遅れそうなときは、慌てずにお電話をください。担当の佐藤が「大"
        "丈夫ですよ」と申しておりました。終わるまでにはだいたい40分かかりますが、途中で休憩もできます。帰りは同じ出"
        "口からバスに乗ると便利です。15分おきに出ていて、料金は220円です。ほかにご質問はありますか。なければ、明日"
        "お会いできるのを楽しみにしております。駐車場は建物の裏に8台分ありますが、午後はすぐに埋まってしまいますの"
        "で、できれば電車かバスでお越しください。何か変わったことがあれば、すぐにお知らせします。",
        "この島では、春になると村じゅうの人が海岸に集まって、流れ着いた木を拾います。それを一年かけて乾かし、冬のあ"
        "いだの薪にするのです。いちばん年上の漁師は今年で92歳になりますが、今でも毎朝5時に起きて、空の色を見るのだ"
        "そうです。「海は嘘をつかない」と彼は言います。「嘘をつくのは、いつも天気予報のほうだ。」その言葉に、みんな"
        "が笑いました。島には信号が一つしかありません。学校の前にあるその信号は、子どもたちが大きな町へ行ったときに"
        "困らないようにと、1978年に作られました。車はほとんど通らないのに、誰もがきちんと青になるまで待っています。"
        "夕方になると、港のほうから魚を焼く匂いが流れてきて、どの家の窓にも明かりがともります。旅の人が来れば、知ら"
        "ない家でもお茶が出てきます。帰りの船は一日に二本だけで、乗り遅れると、もう一晩泊まることになります。それを"
        "楽しみにして、わざと遅れて来る人もいるそうです。次の春には、私も流木を拾いに行くつもりです。",
        "パソコンの動きが遅くなったときは、まず再起動を試してみてください。それだけで直ることが、実は七割くらいあり"
        "ます。それでも変わらなければ、空き容量を確かめましょう。全体の15％より少なくなっていると、動きが重くなりが"
        "ちです。要らないファイルを消すときの順番は、こうです。\n\n"
        "- ごみ箱を空にする\n"
        "- 大きな動画を別の場所へ移す\n"
        "- 使っていないソフトを削除する\n\n"
        "ここまでで、だいたい30分かかります。「消してもいいかわからない」というファイルは、無理に消さないでください"
        "。あとで困ることがあります。最後に、更新プログラムがたまっていないかも見ておくと安心です。夜のうちに済ませ"
        "ておけば、朝には元どおり軽く動くはずです。もしそれでもうまくいかない場合は、画面に出ている文字をそのまま教"
        "えてください。たとえば「エラー1203」のような番号があれば、原因をすぐに調べられます。急ぎの仕事があるときは"
        "、先に大事な書類だけでも別の場所に写しておくことをおすすめします。",
        "昔、山のふもとの小さな村に、字の読めない郵便屋がいました。それでも彼は、三十年のあいだ一通の手紙も間違えず"
        "に届けたといいます。どうしてそんなことができたのでしょうか。村の人が理由を尋ねると、彼は少し恥ずかしそうに"
        "答えました。「手紙には、それぞれ匂いがあるんですよ。」海から来た手紙は塩の匂い、町から来た手紙はインクの匂"
        "いがする、というのです。もちろん、本当のところは誰にもわかりません。彼が亡くなったあと、家の引き出しから20"
        "0枚ほどの紙が見つかりました。そこには、村じゅうの家の絵が一軒ずつ描かれていて、その下に名前の文字が丁寧に"
        "写してありました。彼は文字を読んだのではなく、絵のように覚えていたのです。今、その紙は村の小さな博物館に飾"
        "られています。入場料は300円、月曜日は休みです。館長の話では、一枚だけ、どの家のものかわからない絵があるそ"
        "うです。大きな木のそばに、窓の三つある家が描かれています。村にそんな家があったことは、誰も覚えていません。",
    ),
}
# Speech as it is: an ideograph or kana takes about as long to say as three letters.
SPEEDS = {"ja": 1 / 3}

# A word with the space in front of it, a few digits, marks, or white space.
_TOKEN = re.compile(r" ?[^\W\d_]+| ?\d{1,3}| ?[^\w\s]+|\s+|_")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
LONG_WORD = 9


def tokens(text: str, dice: random.Random) -> list[str]:
    """`text` in such pieces as a language model writes."""
    pieces = []
    for token in _TOKEN.findall(text):
        if _UNSPACED.search(token):
            pieces += _cut(token, lambda: dice.choice((1, 1, 2)))
        elif len(token) > LONG_WORD:
            pieces += _cut(token, lambda: dice.randint(3, 7))
        else:
            pieces.append(token)
    if "".join(pieces) != text:
        raise ValueError("a text was not cut into its own pieces")
    return pieces


def _cut(token: str, length) -> list[str]:
    pieces = []
    while token:
        size = length()
        pieces.append(token[:size])
        token = token[size:]
    return pieces


def paced(text: str, dice: random.Random) -> list[tuple[float, str]]:
    """The pieces of `text`, each with the second at which it is written: 30 to 80 a second, unevenly, with bursts."""
    interval = 1 / dice.uniform(30, 80)
    at, burst, schedule = 0.0, 0, []
    for token in tokens(text, dice):
        schedule.append((at, token))
        if burst:
            burst -= 1
            continue
        at += interval * dice.uniform(0.3, 1.7)
        if dice.random() < 0.03:
            # As many as come together were waited for together.
            burst = dice.randint(4, 12)
            at += interval * burst
    return schedule


def letters(text: str) -> str:
    """What has to be spoken of a text: its letters and digits."""
    return "".join(character for character in text if character.isalnum())
