"""Makes the data of the default English → French model: one file to learn from, one to validate on, one for the tokenizer.

    python3 scripts/prepare-en-fr.py --tatoeba FOLDER --more FOLDER --output FOLDER [--seed 1]

FOLDER of --tatoeba holds en-fr.{train,valid}.tsv.gz, that of --more python-docs.{train,valid}.tsv.gz and so on. Written are

    train.tsv      shuffled lines `en <TAB> fr`
    valid.tsv      held-out pairs of all sources, some of them changed as below
    pieces.tsv     what a tokenizer learns from: the sources and their case variants, without made-up strings

The same seed and data give the same files. Nothing but the standard library is used. The parts of train.tsv:

    sources        each REPEATS times: small sources more often (about count to the power 0.7), names of CLDR and docs once
    case           ALL CAPS, lower case, Title Case, final marks left out or doubled, on both sides alike
    joined         two to eight sentences on one line, short ones of everyday life or long ones of documentation
    wrapped        bullets, numbers of lists, quotation marks, parentheses, tags around a sentence
    renamed        a name that stands on both sides becomes another name, or a thing to be copied
    renumbered     whole numbers that stand on both sides become others
    attached       a thing to be copied before, behind or inside a real pair
    framed         things to be copied in made sentences
    greetings      with titles and names
    alone          a thing to be copied, and nothing else
"""

import argparse
import gzip
import os
import random
import re
import string

REPEATS = {
    "tatoeba": 1, "python-docs": 1, "django-docs": 1, "rust-book": 2, "gettext": 1, "cldr": 1, "numbers": 3,
    "phrasebook": 4,
}
COUNTS = {
    "capitals": 16000, "lower": 14000, "title": 6000, "bare": 20000, "marks": 5000, "joined": 60000, "joined-docs": 9000,
    "wrapped": 12000, "renamed": 34000, "renumbered": 9000, "attached": 42000, "framed": 60000, "greetings": 9000,
    "alone": 12000,
}

# ---------------------------------------------------------------- names

FIRST = """James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara Richard Susan Joseph Jessica
Thomas Sarah Charles Karen Christopher Lisa Daniel Nancy Matthew Betty Anthony Sandra Mark Margaret Donald Ashley Steven Emily
Andrew Kimberly Paul Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Melissa George Deborah Timothy Stephanie Ronald
Rebecca Jason Laura Edward Helen Jeffrey Sharon Ryan Cynthia Jacob Kathleen Gary Amy Nicholas Angela Eric Shirley Jonathan Brenda
Stephen Emma Larry Anna Justin Pamela Scott Nicole Brandon Samantha Benjamin Katherine Samuel Christine Gregory Olivia Alexander
Rachel Patrick Carolyn Frank Janet Raymond Maria Jack Heather Dennis Diane Jerry Ruth Tyler Julie Aaron Joyce Jose Victoria Adam
Kelly Nathan Christina Henry Lauren Zachary Joan Douglas Evelyn Peter Judith Kyle Andrea Noah Hannah Ethan Megan Jeremy Alice
Walter Jean Christian Cheryl Keith Jacqueline Roger Martha Terry Madison Austin Teresa Sean Gloria Gerald Sara Carl Janice Harold
Ann Dylan Kathryn Arthur Sophia Lawrence Grace Jordan Denise Jesse Amber Bryan Marilyn Billy Danielle Bruce Beverly Gabriel
Isabella Joe Theresa Logan Diana Alan Natalie Juan Brittany Albert Charlotte Willie Marie Elijah Kayla Wayne Alexis Randy Lori
Vincent Mason Roy Ralph Bobby Russell Bradley Philip Eugene Akira Yuki Hiroshi Mei Wei Ling Priya Arjun Fatima Omar Aisha Kofi
Amara Ingrid Lars Sven Astrid Giulia Marco Paolo Sofia Diego Lucía Björn Zoë Chloé François Aurélie Jürgen Søren Łukasz Ana
Dmitri Olga Ivan Natasha Pedro João Nina Leo Max Oscar Felix Hugo Ben Sam Alex Kim Robin Jamie Tom""".split()
LAST = """Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson
Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King
Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips Evans
Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson
Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price
Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson
Barnes Fisher Vasquez Simmons Graham Murray Ford Hamilton Holmes Poirot Dubois Lefèvre Moreau Müller Schmidt Schneider Weber
Novák Kowalski Nakamura Tanaka Suzuki Sato Yamamoto Chen Wang Zhang Liu Singh Kumar Sharma Okafor Mensah Haddad Cohen Levi
O'Brien O'Connor McDonald MacLeod Fitzgerald Van Dyke Jensen Hansen Larsen Johansson Rossi Ferrari Silva Santos Costa""".split()
PLACES = """Boston Chicago Tokyo Osaka Berlin Sydney Toronto Nairobi Madrid Dallas Seattle Oxford Cambridge Dublin Glasgow Liverpool
Manchester Denver Houston Miami Oslo Helsinki Stockholm Budapest Prague Lima Santiago Quito Bogotá Kyoto Sapporo Perth Auckland
Wellington Vancouver Ottawa Montreal Detroit Atlanta Portland Austin Lagos Accra Dakar Tunis Rabat Ankara Istanbul Mumbai Delhi
Bangkok Hanoi Jakarta Manila Taipei Shanghai Leeds Bristol York Bath Springfield Zagreb Sofia Riga Vilnius Tallinn""".split()
ONSETS = "b c d f g h j k l m n p r s t v w z br cl cr dr fl gr kl kr pl pr sch sh sl sp st str th tr vl zh".split()
VOWELS = "a e i o u a e i o ai au ea ee ei ie io oo ou y".split()
CODAS = ["", "", "", "n", "r", "s", "l", "m", "k", "t", "ck", "nd", "rt", "ss", "th", "x"]


def syllable(r):
    return r.choice(ONSETS) + r.choice(VOWELS) + r.choice(CODAS)


def made_word(r, least=2, most=3):
    return "".join(syllable(r) for _ in range(r.randint(least, most)))


def first_name(r):
    return r.choice(FIRST) if r.random() < 0.75 else made_word(r, 1, 3).capitalize()


def last_name(r):
    x = r.random()
    if x < 0.65:
        return r.choice(LAST)
    if x < 0.9:
        return made_word(r).capitalize()
    return made_word(r, 1, 2).capitalize() + "-" + r.choice(LAST)


def full_name(r):
    x = r.random()
    if x < 0.15:
        return f"{first_name(r)} {r.choice(string.ascii_uppercase)}. {last_name(r)}"
    return f"{first_name(r)} {last_name(r)}"


# ---------------------------------------------------------------- things that are copied

WORDS = """user name file data value key index item list count size type id config settings report summary draft final notes test
main app server client model image photo video invoice budget backup log cache node page title text color width height path host
port token session order cart price total email message error result source target output input parser reader writer buffer stream
thread worker queue event handler service manager factory view table row column field form button menu window theme style script
module package version build release branch commit merge update create delete get set add remove find search sort filter map load
save open close start stop run read write send receive print format parse encode decode is has can max min last first next new old
temp local global public private static async sync init check valid""".split()
EXTENSIONS = """txt pdf docx xlsx csv json xml html css js py swift rs go java c h cpp md png jpg jpeg gif svg mp3 mp4 zip tar.gz gz
log yaml yml toml ini cfg sh bat exe dll so sql db bak tmp tex odt pptx""".split()
DOMAINS = "com org net io dev fr de co.uk edu gov ca jp eu info app ai me be ch".split()
EMOJI = """😀 😃 😄 😁 😆 😅 😂 🤣 😊 😇 🙂 🙃 😉 😌 😍 🥰 😘 😋 😛 😜 🤪 🤨 🧐 🤓 😎 🥳 😏 😒 😞 😔 😟 😕 🙁 😣 😖 😫 😩 🥺 😢 😭 😤 😠 😡 🤬 🤯 😳 🥵 🥶
😱 😨 😰 😥 😓 🤗 🤔 🤭 🤫 🤥 😶 😐 😑 😬 🙄 😯 😴 🤤 😪 😵 🤐 🥴 🤢 🤮 🤧 😷 🤒 🤕 🤠 😈 👿 👻 💀 👽 🤖 💩 😺 🙈 🙉 🙊 💋 💌 💘 💖 💗 💓 💕 💔 ❤️ 🧡 💛 💚 💙 💜
🖤 💯 💥 💫 💦 💨 💣 💬 👋 🤚 ✋ 👌 ✌️ 🤞 🤟 🤘 👈 👉 👆 👇 ☝️ 👍 👎 ✊ 👊 👏 🙌 👐 🤝 🙏 ✍️ 💪 👀 👶 👧 👦 👩 👨 👵 👴 👮 🎅 🐶 🐱 🐭 🐹 🐰 🦊 🐻 🐼 🐯 🦁 🐮 🐷 🐸 🐵 🐔
🐧 🐦 🦆 🦉 🐺 🐴 🦄 🐝 🐛 🦋 🐌 🐞 🐢 🐍 🐙 🐬 🐳 🌵 🎄 🌲 🌴 🍀 🍁 🌹 🌻 🌸 🌍 🌙 ⭐ 🌟 ✨ ⚡ 🔥 🌈 ☀️ ☁️ ❄️ ⛄ 🍏 🍎 🍐 🍊 🍋 🍌 🍉 🍇 🍓 🍒 🍑 🥑 🍅 🥕 🌽 🍞 🧀 🍔 🍟 🍕 🌮 🍣
🍦 🍰 🎂 🍫 🍿 ☕ 🍵 🍺 🍷 🥂 ⚽ 🏀 🏈 🎾 🏆 🎮 🎲 🎸 🎹 🎤 🎧 🎬 🎨 🚗 🚕 🚌 🚓 🚑 🚒 🚲 ✈️ 🚀 🚁 ⛵ 🚢 🏠 🏢 🏥 🏫 ⏰ ⌚ 📱 💻 🖥️ 📷 🎥 📞 💡 🔦 💰 💳 💎 🔧 🔨 🔑 🔒 🔓 📦
📅 📌 📎 ✏️ 📝 📚 📖 📰 ✅ ❌ ❓ ❗ ⚠️ 🚫 ♻️ ➡️ ⬅️ ⬆️ ⬇️ 🔴 🟢 🔵 🎉 🎁 🎈 🇫🇷 🇬🇧 🇺🇸 🇩🇪 🇪🇸 👩‍💻 👨‍👩‍👧 👍🏽 🙋‍♀️""".split()
FOREIGN = """東京 日本 こんにちは ありがとう 北京 谢谢 你好 上海 서울 안녕 Москва Привет Спасибо Ελλάδα Καλημέρα Αθήνα שלום مرحبا नमस्ते สวัสดี
Straße Grüße Ångström naïve señor mañana Gruß Zürich Kraków Đà-Nẵng Reykjavík São-Paulo niño smörgåsbord""".split()
ALPHABETS = ["абвгдежзиклмнопрстуфхцчшэюя", "αβγδεζηθικλμνξοπρστυφχψω", "日本語文字中国人大学生先会社水火木金土月年時間手足目耳口"]
TAGS = "b i em strong u code span div p a h1 h2 li td q small sup sub mark kbd label note title item seg g x bpt ph".split()
SYMBOLS = "™ ® © ² ³ ½ ¼ ° µ § ¶ • → ← ↑ ↓ ≤ ≥ ≠ ≈ ± × ÷ ∞ √ π Ω ∑ ∂ ∆ ★ ☆ ♥ ♦ ♣ ♠ ✓ ✗".split()


def word(r):
    return r.choice(WORDS) if r.random() < 0.7 else made_word(r, 1, 2)


def characters(r, alphabet, least, most):
    return "".join(r.choice(alphabet) for _ in range(r.randint(least, most)))


def digits(r, least, most):
    return characters(r, string.digits, least, most)


def path_part(r):
    x = r.random()
    if x < 0.6:
        return word(r)
    if x < 0.75:
        return word(r) + r.choice("-_") + word(r)
    if x < 0.9:
        return digits(r, 1, 5)
    return characters(r, string.ascii_letters + string.digits, 4, 11)


def host(r):
    name = word(r) if r.random() < 0.6 else "example"
    if r.random() < 0.2:
        name += "-" + word(r)
    lead = r.choice(["", "", "www.", "www.", "docs.", "api.", "blog.", "m."])
    return lead + name + "." + r.choice(DOMAINS)


def url(r):
    x = r.random()
    text = (r.choice(["https://", "https://", "http://", "ftp://"]) if x < 0.88 else "") + host(r)
    if x >= 0.88 and not text.startswith("www."):
        text = "www." + text
    if r.random() < 0.1:
        text += ":" + r.choice(["80", "8080", "3000", "443", digits(r, 4, 4)])
    for _ in range(r.choice([0, 0, 1, 1, 2, 2, 3])):
        text += "/" + path_part(r)
    y = r.random()
    if y < 0.15:
        text += "/" if not text.endswith("/") else ""
    elif y < 0.35 and "/" in text[8:]:
        text += "." + r.choice(["html", "php", "htm", "pdf", "json", "png"])
    if r.random() < 0.18:
        text += "?" + "&".join(f"{word(r)}={path_part(r)}" for _ in range(r.randint(1, 2)))
    if r.random() < 0.08:
        text += "#" + path_part(r)
    return text


def email(r):
    x = r.random()
    if x < 0.35:
        user = r.choice(FIRST[:200]).lower() + r.choice([".", "_", "", "-"]) + last_name(r).lower().replace("'", "")
    elif x < 0.6:
        user = word(r) + r.choice(["", digits(r, 1, 3)])
    elif x < 0.8:
        user = r.choice(["info", "contact", "support", "sales", "hello", "admin", "no-reply", "jobs", "team"])
    else:
        user = made_word(r, 1, 2) + r.choice(["+", "."]) + word(r)
    user = user.encode("ascii", "ignore").decode() or "user"
    return user + "@" + re.sub(r"^www\.", "", host(r))


def file_name(r):
    x = r.random()
    if x < 0.4:
        base = word(r)
    elif x < 0.6:
        base = word(r) + r.choice("_-") + r.choice([word(r), digits(r, 1, 4), "v" + digits(r, 1, 2)])
    elif x < 0.75:
        base = word(r).capitalize() + r.choice(["", "_", "-"]) + word(r).capitalize()
    elif x < 0.85:
        base = r.choice(["IMG_", "DSC", "scan", "report-", "invoice_"]) + digits(r, 3, 6)
    else:
        base = word(r).upper()
    return base + "." + r.choice(EXTENSIONS)


def path(r):
    parts = "/".join(path_part(r) for _ in range(r.randint(1, 3)))
    x = r.random()
    if x < 0.5:
        return r.choice(["/", "/usr/", "/etc/", "/home/", "~/", "./", "../", "/var/log/"]) + parts
    if x < 0.65:
        return r.choice("CDE") + ":\\" + parts.replace("/", "\\")
    return parts + "/" + file_name(r)


def identifier(r):
    x = r.random()
    words = [word(r) for _ in range(r.randint(2, 3))]
    if x < 0.3:
        text = words[0] + "".join(w.capitalize() for w in words[1:])
    elif x < 0.55:
        text = "_".join(words)
    elif x < 0.65:
        text = "_".join(words).upper()
    elif x < 0.75:
        text = "".join(w.capitalize() for w in words)
    elif x < 0.85:
        text = ".".join(words)
    elif x < 0.93:
        text = "--" + "-".join(words)
    else:
        text = "-" + r.choice(string.ascii_letters)
    y = r.random()
    if text[0] != "-" and y < 0.22:
        text += "()"
    elif text[0] != "-" and y < 0.3:
        text += "(" + ", ".join(word(r) for _ in range(r.randint(1, 2))) + ")"
    elif text[0] != "-" and y < 0.36:
        text += "=" + r.choice([word(r), digits(r, 1, 4), "True", "None", "0", "null"])
    elif text[0] != "-" and y < 0.40:
        text += "[" + r.choice(["0", "1", "i", word(r)]) + "]"
    return text


def command(r):
    name = r.choice("git npm pip cargo docker ls cd rm cp mv cat grep make swift python3 sudo apt curl ssh attend".split())
    rest = [r.choice([word(r), "-" + r.choice("abcdflmnoprsvx"), "--" + word(r), file_name(r)]) for _ in range(r.randint(1, 3))]
    return " ".join([name] + rest)


def backquoted(r):
    return "`" + r.choice([identifier, identifier, command, file_name, expression])(r) + "`"


def expression(r):
    a, b = word(r), word(r)
    return r.choice([
        f"{a} = {digits(r, 1, 3)}", f"{a} + {b}", f"let {a} = {b}", f"if {a} == {b}:", f"{a}[{b}]", f"print({a})",
        f"{a}.{b}()", f"return {a}", f"{a} && {b}", f"x^2 + {digits(r, 1, 2)}", f"for {a} in {b}", f"{a} != null",
        f"f(x) = {digits(r, 1, 2)}x", f"{a}->{b}", f"#{{{a}}}", f"import {a}",
    ])


def placeholder(r):
    w = word(r)
    return r.choice([
        "{" + w + "}", "{" + w + "_" + word(r) + "}", "{" + digits(r, 1, 1) + "}", "{}", "%s", "%d", "%i", "%1$s", "%2$d",
        "%(" + w + ")s", "%." + digits(r, 1, 1) + "f", "$" + w.upper(), "${" + w + "}", "${" + w.upper() + "}", "{{" + w + "}}",
        "%@", "%" + w.upper() + "%", "[" + w.upper() + "]", "<" + w + ">", ":" + w, "{" + w + "}", "%s", "%d", "$" + w,
        "{{ " + w + " }}", "$(" + w + ")", "@{" + w + "}", "%{" + w + "}",
    ])


def handle(r):
    return "@" + r.choice([
        made_word(r, 1, 3), word(r) + "_" + word(r), first_name(r).lower() + digits(r, 0, 4),
        r.choice(FIRST) + r.choice(LAST).replace("'", ""),
    ])


def hashtag(r):
    return "#" + r.choice([
        word(r), word(r).capitalize() + word(r).capitalize(), made_word(r, 1, 2), word(r) + digits(r, 1, 4), digits(r, 1, 5),
    ])


def emoji(r):
    x = r.random()
    if x < 0.75:
        return r.choice(EMOJI)
    if x < 0.9:
        return "".join(r.choice(EMOJI) for _ in range(r.randint(2, 3)))
    return r.choice(EMOJI) * r.randint(2, 3)


def version(r):
    text = ".".join(digits(r, 1, 2).lstrip("0") or "0" for _ in range(r.randint(2, 4)))
    return r.choice(["", "", "v", "v"]) + text + r.choice(["", "", "", "-beta", "-rc1", "b2", "-alpha.1"])


def number(r):
    return digits(r, 1, 7).lstrip("0") or "0"


def ip(r):
    return ".".join(str(r.randint(0, 255)) for _ in range(4))


def reference(r):
    """Numbers that are names: phones, hashes, identifiers, dates, serial numbers, coordinates."""
    d, up = string.digits, string.ascii_uppercase
    return r.choice([
        lambda: f"+{r.randint(1, 99)} {digits(r, 2, 3)} {digits(r, 3, 3)} {digits(r, 4, 4)}",
        lambda: f"{digits(r, 3, 3)}-{digits(r, 3, 4)}-{digits(r, 4, 4)}",
        lambda: f"({digits(r, 3, 3)}) {digits(r, 3, 3)}-{digits(r, 4, 4)}",
        lambda: " ".join(digits(r, 2, 2) for _ in range(5)),
        lambda: characters(r, "0123456789abcdef", 6, 12),
        lambda: "-".join(characters(r, "0123456789abcdef", n, n) for n in (8, 4, 4, 4, 12)),
        lambda: f"{r.randint(1950, 2049)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
        lambda: f"{r.randint(1, 28):02}/{r.randint(1, 12):02}/{r.randint(1950, 2049)}",
        lambda: f"{r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02}",
        lambda: characters(r, up, 2, 3) + "-" + digits(r, 2, 6),
        lambda: characters(r, up, 1, 2) + digits(r, 2, 4),
        lambda: digits(r, 8, 13),
        lambda: characters(r, up + d, 5, 10),
        lambda: "0x" + characters(r, "0123456789ABCDEF", 2, 8),
        lambda: f"ISO {digits(r, 4, 5)}",
        lambda: f"RFC {digits(r, 3, 4)}",
        lambda: characters(r, up, 2, 5),
        lambda: f"{digits(r, 1, 3)}x{digits(r, 1, 4)}",
    ])()


def foreign(r):
    if r.random() < 0.6:
        return r.choice(FOREIGN)
    return characters(r, r.choice(ALPHABETS), 2, 6)


def odd_name(r):
    """Names of products, teams, bands: words that look like words but are not translated."""
    w = made_word(r, 1, 3)
    return r.choice([
        w.capitalize(), w.capitalize() + " " + number(r), w.capitalize() + made_word(r, 1, 1).capitalize(), w.upper(),
        w.capitalize() + r.choice(["Soft", "Corp", "Bot", "OS", "Lab", "ify", "ly", " Pro", " X", "™", "®", " Inc."]),
        r.choice("iex") + w.capitalize(), foreign(r),
    ])


THINGS = {
    "url": (url, 14), "email": (email, 10), "file": (file_name, 10), "path": (path, 5), "identifier": (identifier, 10),
    "backquoted": (backquoted, 8), "placeholder": (placeholder, 13), "handle": (handle, 5), "hashtag": (hashtag, 4),
    "emoji": (emoji, 6), "version": (version, 4), "number": (number, 10), "ip": (ip, 2), "reference": (reference, 10),
    "odd": (odd_name, 7), "foreign": (foreign, 2), "symbol": (lambda r: r.choice(SYMBOLS), 1),
    "random": (lambda r: characters(r, string.ascii_letters + string.digits, 3, 9), 3),
}
NAMES, WEIGHTS = list(THINGS), [weight for _, weight in THINGS.values()]


def thing(r, kind=None):
    kind = kind or r.choices(NAMES, WEIGHTS)[0]
    return kind, THINGS[kind][0](r)


# ---------------------------------------------------------------- frames

# What may stand for {x}; * takes anything.
FRAMES = """
*|See {x}.|Voir {x}.
*|See {x} for details.|Voir {x} pour plus de détails.
*|What is {x}?|Qu'est-ce que {x} ?
*|What does {x} mean?|Que signifie {x} ?
*|I don't understand {x}.|Je ne comprends pas {x}.
*|Do you know {x}?|Connaissez-vous {x} ?
*|Replace {x} with {y}.|Remplacez {x} par {y}.
*|Use {x} instead of {y}.|Utilisez {x} au lieu de {y}.
*|{x} is the same as {y}.|{x} est identique à {y}.
*|{x} and {y} are not the same.|{x} et {y} ne sont pas identiques.
*|Please use {x}.|Veuillez utiliser {x}.
*|Type {x} and press Enter.|Tapez {x} et appuyez sur Entrée.
*|He wrote {x} on the wall.|Il a écrit {x} sur le mur.
*|She wrote down {x}.|Elle a noté {x}.
*|The answer is {x}.|La réponse est {x}.
*|The value is {x}.|La valeur est {x}.
*|The value of {x} is {y}.|La valeur de {x} est {y}.
*|Copy {x} here.|Copiez {x} ici.
*|Example: {x}|Exemple : {x}
*|For example, {x}.|Par exemple, {x}.
*|Note: {x}|Remarque : {x}
*|{x} or {y}?|{x} ou {y} ?
*|Not {x}, but {y}.|Pas {x}, mais {y}.
*|{x} doesn't work.|{x} ne fonctionne pas.
*|{x} works well.|{x} fonctionne bien.
*|It says "{x}".|Il est écrit « {x} ».
*|I searched for {x} but found nothing.|J'ai cherché {x} mais je n'ai rien trouvé.
*|There is no {x} here.|Il n'y a pas de {x} ici.
*|I need {x} and {y}.|J'ai besoin de {x} et de {y}.
*|Between {x} and {y}, I prefer {y}.|Entre {x} et {y}, je préfère {y}.
url|Visit {x}.|Visitez {x}.
url|Visit {x} for more information.|Visitez {x} pour plus d'informations.
url|Please visit {x} for more information.|Veuillez visiter {x} pour plus d'informations.
url|Go to {x} and click on the button.|Allez sur {x} et cliquez sur le bouton.
url|You can find it at {x}.|Vous pouvez le trouver sur {x}.
url|The website is {x}.|Le site web est {x}.
url|Our website is {x}.|Notre site web est {x}.
url|Click here: {x}|Cliquez ici : {x}
url|Open {x} in your browser.|Ouvrez {x} dans votre navigateur.
url|I read it on {x}.|Je l'ai lu sur {x}.
url|Download the file from {x}.|Téléchargez le fichier depuis {x}.
url|The documentation is at {x}.|La documentation se trouve à l'adresse {x}.
url|Have you seen {x}?|As-tu vu {x} ?
url|Sign up at {x} today!|Inscrivez-vous sur {x} aujourd'hui !
url|The page {x} does not exist.|La page {x} n'existe pas.
url|The source code is available at {x}.|Le code source est disponible à l'adresse {x}.
url|Read more at {x}|En savoir plus sur {x}
url|Our new address is {x}, not {y}.|Notre nouvelle adresse est {x}, et non {y}.
email|Write to {x}.|Écrivez à {x}.
email|Write to {x} if you have any questions.|Écrivez à {x} si vous avez des questions.
email|Send an email to {x}.|Envoyez un e-mail à {x}.
email|Please send it to {x}.|Veuillez l'envoyer à {x}.
email|Contact us at {x}.|Contactez-nous à {x}.
email|My email address is {x}.|Mon adresse e-mail est {x}.
email|Her address is {x}.|Son adresse est {x}.
email|Email {x} for more information.|Envoyez un e-mail à {x} pour plus d'informations.
email|You can reach me at {x} or {y}.|Vous pouvez me joindre à {x} ou {y}.
email|I sent the report to {x} yesterday.|J'ai envoyé le rapport à {x} hier.
email|A message was sent to {x}.|Un message a été envoyé à {x}.
email|Is {x} your address?|Est-ce que {x} est votre adresse ?
file path|Open {x}.|Ouvrez {x}.
file path|Open the file {x}.|Ouvrez le fichier {x}.
file path|The file {x} was not found.|Le fichier {x} est introuvable.
file path|File {x} does not exist.|Le fichier {x} n'existe pas.
file path|I can't open {x}.|Je ne peux pas ouvrir {x}.
file path|Please read {x} first.|Veuillez d'abord lire {x}.
file path|Save it as {x}.|Enregistrez-le sous {x}.
file path|I attached {x} to this message.|J'ai joint {x} à ce message.
file path|Delete {x} and {y}.|Supprimez {x} et {y}.
file path|The settings are in {x}.|Les paramètres sont dans {x}.
file path|Copy {x} to {y}.|Copiez {x} vers {y}.
file path|Where did you save {x}?|Où as-tu enregistré {x} ?
file path|The folder contains {x} and {y}.|Le dossier contient {x} et {y}.
file path|{x} is too large to be sent.|{x} est trop volumineux pour être envoyé.
identifier backquoted|Call {x} to start.|Appelez {x} pour commencer.
identifier backquoted|The function {x} returns {y}.|La fonction {x} renvoie {y}.
identifier backquoted|The {x} method is deprecated.|La méthode {x} est obsolète.
identifier backquoted|Set {x} to {y}.|Définissez {x} à {y}.
identifier backquoted|The {x} option has no effect.|L'option {x} n'a aucun effet.
identifier backquoted|The variable {x} is not defined.|La variable {x} n'est pas définie.
identifier backquoted|Run {x} to install it.|Exécutez {x} pour l'installer.
identifier backquoted|Run {x} in a terminal.|Exécutez {x} dans un terminal.
identifier backquoted|The argument {x} must be a string.|L'argument {x} doit être une chaîne de caractères.
identifier backquoted|The class {x} inherits from {y}.|La classe {x} hérite de {y}.
identifier backquoted|{x} raises an error if {y} is empty.|{x} lève une erreur si {y} est vide.
identifier backquoted|If {x} is true, {y} is called.|Si {x} est vrai, {y} est appelée.
identifier backquoted|The default value of {x} is {y}.|La valeur par défaut de {x} est {y}.
identifier backquoted|Use the {x} command to see the list.|Utilisez la commande {x} pour voir la liste.
identifier backquoted|The parameter {x} is optional.|Le paramètre {x} est facultatif.
placeholder|Hello {x}!|Bonjour {x} !
placeholder|Hello, {x}!|Bonjour, {x} !
placeholder|Hello {x}, how are you?|Bonjour {x}, comment allez-vous ?
placeholder|Hi {x},|Bonjour {x},
placeholder|Dear {x},|Cher {x},
placeholder|Welcome, {x}!|Bienvenue, {x} !
placeholder|Welcome back, {x}.|Bon retour, {x}.
placeholder|Welcome to {x}.|Bienvenue sur {x}.
placeholder|You have {x} new messages.|Vous avez {x} nouveaux messages.
placeholder|You have {x} messages and {y} notifications.|Vous avez {x} messages et {y} notifications.
placeholder|{x} files were deleted.|{x} fichiers ont été supprimés.
placeholder|{x} of {y}|{x} sur {y}
placeholder|Page {x} of {y}|Page {x} sur {y}
placeholder|{x} items selected|{x} éléments sélectionnés
placeholder|{x} days left|{x} jours restants
placeholder|{x} minutes ago|il y a {x} minutes
placeholder|Are you sure you want to delete {x}?|Voulez-vous vraiment supprimer {x} ?
placeholder|Cannot open {x}: {y}|Impossible d'ouvrir {x} : {y}
placeholder|Error {x}: {y}|Erreur {x} : {y}
placeholder|Error in line {x}: {y}|Erreur à la ligne {x} : {y}
placeholder|{x} is required.|{x} est obligatoire.
placeholder|{x} is not a valid number.|{x} n'est pas un nombre valide.
placeholder|{x} has invited you to {y}.|{x} vous a invité à {y}.
placeholder|{x} commented on your photo.|{x} a commenté votre photo.
placeholder|Your order {x} has been sent.|Votre commande {x} a été envoyée.
placeholder|Set {x} in your environment.|Définissez {x} dans votre environnement.
placeholder|The user {x} could not be found.|L'utilisateur {x} est introuvable.
placeholder|Created by {x} on {y}|Créé par {x} le {y}
placeholder|Sent to {x}|Envoyé à {x}
placeholder|Thank you, {x}.|Merci, {x}.
placeholder|Please enter {x}.|Veuillez saisir {x}.
placeholder|The file {x} was not found.|Le fichier {x} est introuvable.
handle|Follow {x}!|Suivez {x} !
handle|Thanks {x}!|Merci {x} !
handle|Thank you {x} for the help.|Merci {x} pour l'aide.
handle|I agree with {x}.|Je suis d'accord avec {x}.
handle|Ask {x} or {y}.|Demandez à {x} ou à {y}.
handle|{x} is right.|{x} a raison.
handle|Have you talked to {x}?|As-tu parlé à {x} ?
handle|Follow us on Twitter: {x}|Suivez-nous sur Twitter : {x}
hashtag|I love {x}!|J'adore {x} !
hashtag|Everybody is talking about {x}.|Tout le monde parle de {x}.
hashtag|Use the hashtag {x}.|Utilisez le mot-dièse {x}.
hashtag|See issue {x}.|Voir le ticket {x}.
hashtag|This fixes {x} and {y}.|Ceci corrige {x} et {y}.
emoji|I'm so happy {x}|Je suis si heureux {x}
emoji|Happy birthday! {x}|Joyeux anniversaire ! {x}
emoji|Good night {x}|Bonne nuit {x}
emoji|Thank you {x}|Merci {x}
emoji|See you tomorrow! {x}|À demain ! {x}
emoji|I love you {x}|Je t'aime {x}
emoji|{x} Hello!|{x} Bonjour !
emoji|{x} Warning|{x} Attention
emoji|That's great! {x} {y}|C'est super ! {x} {y}
emoji|Why {x}?|Pourquoi {x} ?
emoji|Congratulations {x}{y}|Félicitations {x}{y}
version|Version {x} is available.|La version {x} est disponible.
version|Please update to version {x}.|Veuillez passer à la version {x}.
version|Changed in version {x}.|Modifié dans la version {x}.
version|New in version {x}|Nouveau dans la version {x}
version|This feature was removed in {x}.|Cette fonctionnalité a été supprimée dans {x}.
version|It works with {x} but not with {y}.|Ça fonctionne avec {x} mais pas avec {y}.
version|I upgraded from {x} to {y}.|Je suis passé de {x} à {y}.
number|I have {x} books.|J'ai {x} livres.
number|There are {x} people here.|Il y a {x} personnes ici.
number|It costs {x} euros.|Ça coûte {x} euros.
number|He paid {x} dollars.|Il a payé {x} dollars.
number|The room number is {x}.|Le numéro de la chambre est {x}.
number|My number is {x}.|Mon numéro est {x}.
number|Page {x}|Page {x}
number|Chapter {x}|Chapitre {x}
number|Room {x} is on the left.|La salle {x} est à gauche.
number|She was born in {x}.|Elle est née en {x}.
number|It happened in {x}.|C'est arrivé en {x}.
number|The code is {x}.|Le code est {x}.
number|We sold {x} tickets.|Nous avons vendu {x} billets.
number|The train leaves from platform {x}.|Le train part de la voie {x}.
number|From {x} to {y}|De {x} à {y}
number|The bus number is {x}, not {y}.|Le numéro du bus est le {x}, pas le {y}.
number|He ran {x} kilometers.|Il a couru {x} kilomètres.
number|It weighs {x} kg.|Ça pèse {x} kg.
number|The table is {x} cm wide and {y} cm long.|La table fait {x} cm de large et {y} cm de long.
number|{x} divided by {y}|{x} divisé par {y}
number|Line {x}, column {y}|Ligne {x}, colonne {y}
number|Error {x}|Erreur {x}
number|Only {x} of {y} answers were correct.|Seules {x} réponses sur {y} étaient correctes.
number|In {x}, {y} people lived there.|En {x}, {y} personnes y vivaient.
ip|The address of the server is {x}.|L'adresse du serveur est {x}.
ip|Connect to {x}.|Connectez-vous à {x}.
ip|Ping {x}.|Faites un ping sur {x}.
ip|The server at {x} does not answer.|Le serveur à l'adresse {x} ne répond pas.
reference|Call {x}.|Appelez le {x}.
reference|Call me at {x}.|Appelez-moi au {x}.
reference|My phone number is {x}.|Mon numéro de téléphone est le {x}.
reference|The reference is {x}.|La référence est {x}.
reference|Your order number is {x}.|Votre numéro de commande est {x}.
reference|The serial number is {x}.|Le numéro de série est {x}.
reference|The flight {x} is late.|Le vol {x} est en retard.
reference|Invoice {x} has been paid.|La facture {x} a été payée.
reference|The password is {x}.|Le mot de passe est {x}.
reference|Take the {x} to the airport.|Prenez le {x} jusqu'à l'aéroport.
reference|Ticket {x} is closed.|Le ticket {x} est fermé.
odd foreign random|I bought a {x}.|J'ai acheté un {x}.
odd foreign random|{x} is my favorite band.|{x} est mon groupe préféré.
odd foreign random|Have you ever heard of {x}?|As-tu déjà entendu parler de {x} ?
odd foreign random|He works for {x}.|Il travaille pour {x}.
odd foreign random|{x} is a company from {y}.|{x} est une entreprise de {y}.
odd foreign random|The word "{x}" is not in the dictionary.|Le mot « {x} » n'est pas dans le dictionnaire.
odd foreign random|My dog's name is {x}.|Mon chien s'appelle {x}.
odd foreign random|How do you pronounce {x}?|Comment prononce-t-on {x} ?
name|My name is {x}.|Je m'appelle {x}.
name|I'm {x}.|Je suis {x}.
name|Her name is {x}.|Elle s'appelle {x}.
name|This is {x}.|Voici {x}.
name|{x} called.|{x} a appelé.
name|{x} called you this morning.|{x} vous a appelé ce matin.
name|Have you met {x}?|As-tu rencontré {x} ?
name|I met {x} in {p}.|J'ai rencontré {x} à {p}.
name|{x} lives in {p}.|{x} vit à {p}.
name|{x} and {y} are friends.|{x} et {y} sont amis.
name|{x} knows {y}.|{x} connaît {y}.
name|{x} gave {y} a book.|{x} a donné un livre à {y}.
name|Where is {x}?|Où est {x} ?
name|{x} is not here.|{x} n'est pas là.
name|I work with {x}.|Je travaille avec {x}.
name|The book was written by {x}.|Le livre a été écrit par {x}.
name|{x} was born in {p} in {n}.|{x} est né à {p} en {n}.
name|Ask {x}.|Demandez à {x}.
name|{x}, come here!|{x}, viens ici !
name|Thank you, {x}.|Merci, {x}.
name|Hello, my name is {x} and I live in {p}.|Bonjour, je m'appelle {x} et je vis à {p}.
name|{x} will arrive in {p} at noon.|{x} arrivera à {p} à midi.
name|Please ask {x} to call {y} tomorrow.|Veuillez demander à {x} d'appeler {y} demain.
"""
ANY_FRAMES, KIND_FRAMES = [], {}
for line in FRAMES.strip().split("\n"):
    kinds, english, french = line.split("|")
    for kind in kinds.split():
        (ANY_FRAMES if kind == "*" else KIND_FRAMES.setdefault(kind, [])).append((english, french))


def framed(r):
    x = r.random()
    if x < 0.14:
        english, french = r.choice(KIND_FRAMES["name"])
        one, two = r.choice([first_name, full_name])(r), first_name(r)
    else:
        kind, one = thing(r)
        if x < 0.5 or kind not in KIND_FRAMES:
            english, french = r.choice(ANY_FRAMES)
            two = thing(r)[1]
        else:
            english, french = r.choice(KIND_FRAMES[kind])
            two = thing(r, kind)[1]
    parts = {"{x}": one, "{y}": two, "{p}": r.choice(PLACES), "{n}": str(r.randint(1700, 2040))}
    fill = lambda text: re.sub(r"\{[xypn]\}", lambda m: parts[m.group()], text)
    return fill(english), fill(french)


GREETINGS = """
Hello, {n}!|Bonjour, {n} !
Hello {n}!|Bonjour {n} !
Hello, {n}.|Bonjour, {n}.
Hi, {n}!|Salut, {n} !
Hi {n}!|Salut {n} !
Good morning, {n}!|Bonjour, {n} !
Good morning, {n}.|Bonjour, {n}.
Good afternoon, {n}.|Bonjour, {n}.
Good evening, {n}!|Bonsoir, {n} !
Good evening, {n}.|Bonsoir, {n}.
Good night, {n}.|Bonne nuit, {n}.
Goodbye, {n}.|Au revoir, {n}.
Goodbye, {n}!|Au revoir, {n} !
Thank you, {n}.|Merci, {n}.
Thank you very much, {n}!|Merci beaucoup, {n} !
Welcome, {n}!|Bienvenue, {n} !
How are you, {n}?|Comment allez-vous, {n} ?
Nice to meet you, {n}.|Enchanté, {n}.
See you tomorrow, {n}!|À demain, {n} !
See you soon, {n}.|À bientôt, {n}.
Happy birthday, {n}!|Joyeux anniversaire, {n} !
Yes, {n}.|Oui, {n}.
No, {n}.|Non, {n}.
Excuse me, {n}.|Excusez-moi, {n}.
I'm sorry, {n}.|Je suis désolé, {n}.
Please sit down, {n}.|Veuillez vous asseoir, {n}.
May I help you, {n}?|Puis-je vous aider, {n} ?
{n} is here.|{n} est là.
{n} is waiting for you.|{n} vous attend.
I would like to speak to {n}.|Je voudrais parler à {n}.
"""
GREETINGS = [tuple(line.split("|")) for line in GREETINGS.strip().split("\n")]
TITLES = [("Mr.", "M."), ("Mrs.", "Mme"), ("Ms.", "Mme"), ("Miss", "Mlle"), ("Dr.", "Dr"), ("Mr", "M."), ("Mrs", "Mme")]


def greeting(r):
    english, french = r.choice(GREETINGS)
    if r.random() < 0.55:
        title, titre = r.choice(TITLES)
        name = last_name(r)
        source, target = f"{title} {name}", f"{titre} {name}"
    else:
        source = target = first_name(r)
    return english.replace("{n}", source), french.replace("{n}", target)


# ---------------------------------------------------------------- pairs that are changed

END = re.compile(r"\s*[.!?…]+$")


def capitals(pair):
    return tuple(text.upper() for text in pair)


def lower(pair):
    return tuple(text.lower() for text in pair)


def title(pair):
    return tuple(re.sub(r"(^|[\s(«\"])(\w)", lambda m: m.group(1) + m.group(2).upper(), text) for text in pair)


def bare(pair):
    return tuple(END.sub("", text) for text in pair)


def marks(r, pair):
    mark = r.choice(["!", "!!", "!!!", "?!", "??", "...", "???"])
    space = "" if mark == "..." else " "
    return END.sub("", pair[0]) + mark, END.sub("", pair[1]) + space + mark


def wrapped(r, pair):
    a, b = pair
    tag = r.choice(TAGS)
    attributes = r.choice(["", "", ' class="' + word(r) + '"', ' id="' + word(r) + '"', f' href="{url(r)}"'])
    number = str(r.randint(1, 30))
    return r.choice([
        lambda: (f"- {a}", f"- {b}"), lambda: (f"* {a}", f"* {b}"), lambda: (f"• {a}", f"• {b}"),
        lambda: (f"{number}. {a}", f"{number}. {b}"), lambda: (f"{number}) {a}", f"{number}) {b}"),
        lambda: (f'"{a}"', f"« {b} »"), lambda: (f"({a})", f"({b})"), lambda: (f"# {a}", f"# {b}"),
        lambda: (f"<{tag}{attributes}>{a}</{tag}>", f"<{tag}{attributes}>{b}</{tag}>"),
        lambda: (f"<{tag}>{a}</{tag}>", f"<{tag}>{b}</{tag}>"),
        lambda: (f"**{a}**", f"**{b}**"), lambda: (f"[{number}] {a}", f"[{number}] {b}"),
        lambda: (f"{a}<br>", f"{b}<br>"), lambda: (f"> {a}", f"> {b}"), lambda: (f"{a}<br/>", f"{b}<br/>"),
    ])()


KNOWN = re.compile(r"\b(Tom|Mary|John|Bob|Alice|Ken|Jack|Jim|Mike|Bill|Boston|Kyoto|Tokyo)\b")


def renamed(r, pair):
    """The pair with a name that stands once on both sides replaced, or nil."""
    a, b = pair
    found = [name for name in set(KNOWN.findall(a)) if a.count(name) == 1 and b.count(name) == 1]
    if not found:
        return None
    name = sorted(found)[r.randrange(len(found))]
    # d'Alice and such would need another article.
    if re.search(r"'" + name, b):
        return None
    x = r.random()
    if name in ("Boston", "Kyoto", "Tokyo"):
        new = r.choice(PLACES) if x < 0.6 else made_word(r).capitalize()
    elif x < 0.5:
        new = first_name(r)
    elif x < 0.65:
        new = full_name(r)
    else:
        new = thing(r, r.choice(["handle", "placeholder", "placeholder", "odd", "email", "identifier", "random", "emoji"]))[1]
    if re.search(r"\bde " + name, b) and new[0].lower() in "aeiouyhéàôë":
        return None
    return a.replace(name, new), b.replace(name, new)


def renumbered(r, pair):
    a, b = pair
    pattern = r"(?<![\w.,:/-])\d+(?![\w.,:/-]*\d)(?!\w)"
    found = [n for n in re.findall(pattern, a) if len(re.findall(r"(?<!\d)" + n + r"(?!\d)", b)) == a.count(n) == 1]
    if not found or re.search(r"\d[.,:\u0020]\d", a + b):
        return None
    old = r.choice(found)
    new = number(r) if len(old) != 4 else digits(r, 4, 4)
    if int(new) < 2 or int(old) < 2:
        return None
    swap = lambda text: re.sub(r"(?<!\d)" + old + r"(?!\d)", new, text)
    return swap(a), swap(b)


def attached(r, pair):
    a, b = pair
    kind, x = thing(r)
    if kind in ("emoji", "hashtag", "url"):
        if r.random() < 0.2:
            return f"{x} {a}", f"{x} {b}"
        return f"{a} {x}", f"{b} {x}"
    if kind == "handle" and r.random() < 0.8:
        return f"{x} {a}", f"{x} {b}"
    return r.choice([
        lambda: (f"{a} ({x})", f"{b} ({x})"), lambda: (f"{x}: {a}", f"{x} : {b}"), lambda: (f"{bare(pair)[0]}: {x}", f"{bare(pair)[1]} : {x}"),
        lambda: (f"[{x}] {a}", f"[{x}] {b}"), lambda: (f"{x} - {a}", f"{x} - {b}"), lambda: (f"{x}, {lead(a)}", f"{x}, {lead(b)}"),
        lambda: (f"{a} {x}", f"{b} {x}"), lambda: (f"{x} {a}", f"{x} {b}"), lambda: (f"{a} | {x}", f"{b} | {x}"),
        lambda: (f"{bare(pair)[0]} <{r.choice(TAGS)}>", f"{bare(pair)[1]} <>") if False else (f"{a} <{x}>", f"{b} <{x}>"),
    ])()


def lead(text):
    """Without the capital of its first word, unless that is I or all capitals."""
    head = text.split(" ", 1)[0]
    return text if head.startswith("I") or head[:2].isupper() or KNOWN.match(text) else text[:1].lower() + text[1:]


def joined(r, pairs, most):
    count = r.choices(range(2, most + 1), [1 / k for k in range(2, most + 1)])[0]
    chosen, length = [], 0
    while len(chosen) < count and length < 90:
        pair = r.choice(pairs)
        # A line that ends without a mark runs into the next.
        if END.search(pair[0]) and END.search(pair[1]):
            chosen.append(pair)
            length += pair[0].count(" ") + 1
    return " ".join(a for a, _ in chosen), " ".join(b for _, b in chosen)


# ---------------------------------------------------------------- files


def clean(text):
    text = text.replace("\u202f", " ").replace("\u00a0", " ").replace("\u00ad", "").replace("\u200b", "").replace("\ufeff", "")
    for old, new in (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("…", "...")):
        text = text.replace(old, new)
    # Glued French marks get the plain space that the other sources have.
    return re.sub(r" {2,}", " ", text).strip()


def read(path, limit=115):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t")[:2] for line in lines]
    pairs = [(clean(a), clean(b)) for a, b in rows]
    return [(a, b) for a, b in pairs if a and b and a.count(" ") < limit and b.count(" ") < limit]


def space_marks(pair):
    """Tatoeba's French with a space before ! ? : ; where it has none."""
    return pair[0], re.sub(r"(?<=[\wÀ-ÿ»)])([!?;])(?=\s|$|\")", r" \1", pair[1])


def collect(r, make, count):
    result = []
    while len(result) < count:
        made = make(r)
        if made:
            result.append(made)
    return result


def write(path, pairs):
    with open(path, "w", encoding="utf-8") as file:
        for a, b in pairs:
            if a.strip() and b.strip() and "\t" not in a + b and "\n" not in a + b:
                file.write(f"{a.strip()}\t{b.strip()}\n")
    print(f"{path}: {len(pairs)} pairs, {sum(a.count(' ') + 1 for a, _ in pairs)} English words")


def changed(r, sources, counts):
    everyday = sources["tatoeba"] + sources["phrasebook"] * 2 + sources["numbers"]
    docs = sources["python-docs"] + sources["django-docs"] + sources["rust-book"]
    terse = everyday + sources["gettext"]
    named = [pair for pair in sources["tatoeba"] if KNOWN.search(pair[0])]
    numbered = [pair for name in ("tatoeba", "numbers", "phrasebook", "gettext") for pair in sources[name] if re.search(r"\d", pair[0])]
    cases = (
        collect(r, lambda r: capitals(r.choice(terse)), counts["capitals"])
        + collect(r, lambda r: lower(r.choice(terse)), counts["lower"])
        + collect(r, lambda r: title(r.choice(terse)), counts["title"])
        + collect(r, lambda r: bare(r.choice(everyday)), counts["bare"])
        + collect(r, lambda r: marks(r, r.choice(everyday)), counts["marks"]))
    others = (
        collect(r, lambda r: joined(r, everyday, 8), counts["joined"])
        + collect(r, lambda r: joined(r, docs, 3), counts["joined-docs"])
        + collect(r, lambda r: wrapped(r, r.choice(terse if r.random() < 0.7 else docs)), counts["wrapped"])
        + collect(r, lambda r: renamed(r, r.choice(named)), counts["renamed"])
        + collect(r, lambda r: renumbered(r, r.choice(numbered)), counts["renumbered"])
        + collect(r, lambda r: attached(r, r.choice(terse if r.random() < 0.8 else docs)), counts["attached"])
        + collect(r, framed, counts["framed"])
        + collect(r, greeting, counts["greetings"])
        + collect(r, lambda r: (thing(r)[1],) * 2, counts["alone"]))
    return cases, others


def load(folder, more, part):
    sources = {name: read(os.path.join(more, f"{name}.{part}.tsv.gz")) for name in REPEATS if name != "tatoeba"}
    sources["tatoeba"] = [space_marks(pair) for pair in read(os.path.join(folder, f"en-fr.{part}.tsv.gz"))]
    return sources


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tatoeba", required=True)
    parser.add_argument("--more", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    os.makedirs(arguments.output, exist_ok=True)

    r = random.Random(arguments.seed)
    sources = load(arguments.tatoeba, arguments.more, "train")
    base = [pair for name, times in REPEATS.items() for pair in sources[name] * times]
    cases, others = changed(r, sources, COUNTS)
    train = base + cases + others
    r.shuffle(train)
    write(os.path.join(arguments.output, "train.tsv"), train)
    write(os.path.join(arguments.output, "pieces.tsv"), base + cases)

    held = load(arguments.tatoeba, arguments.more, "valid")
    small = {name: count // 300 for name, count in COUNTS.items()}
    cases, others = changed(r, held, small)
    valid = [pair for name, pairs in held.items() for pair in r.sample(pairs, min(len(pairs), 700 if name == "tatoeba" else 90))]
    write(os.path.join(arguments.output, "valid.tsv"), valid + cases + others)


if __name__ == "__main__":
    main()
