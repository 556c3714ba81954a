//! Word lists of the rules, a table each. To extend one, add a word; a test says that none is empty.
//!
//! Compiled by hand from the layouts of known collections (UNGDC, FRUS Milestones, State Department
//! pages, the Universal Declaration in its languages); in the public domain. All words of cues are
//! in lower case and compared without regard to the case of ASCII letters, unless a table says
//! otherwise.

/// First words of captions (seed article; FRUS Milestones and Short History).
pub(super) const CAPTION_STARTS: &[&str] = &[
    "photo:", "photo by", "photo credit", "photo courtesy", "photograph:", "photograph of",
    "photograph by", "[photo]", "(photo", "image:", "[image]", "image credit", "picture:",
    "credit:", "credits:", "caption:", "figure ", "fig. ", "table ", "chart ", "map ",
    "illustration:", "source:", "portrait of ", "painting of ", "painting by ", "cartoon:",
    "cover of ", "screenshot", "courtesy of", "foto:", "photo :", "crédit photo", "crédits :",
    "abbildung ", "bild:", "фото:", "фото ", "графика:", "图：", "图片", "صورة:", "مصدر الصورة",
];

/// Words that captions hold anywhere.
pub(super) const CAPTION_HOLDS: &[&str] = &[
    "©", "getty", "photo:", "photo/", "photo by", "photo credit", "photo courtesy",
    "image courtesy", "shutterstock", "ap photo", "afp/", "/afp", "xinhua/", "reuters/",
    "wikimedia", "(left)", "(right)", "(center)", "(centre)", "(l-r)", "from left", "pictured",
    "courtesy of", "photographer",
];

/// Ends that credit an institution: `(Department of State)`, `(Library of Congress)`.
pub(super) const CREDITS: &[&str] = &[
    "department of state", "library of congress", "national archives", "library", "museum",
    "public domain", "file photo", "un photo", "ap", "afp", "reuters", "gallery", "collection",
    "archives", "archive", "commons",
];

/// Lines of menus, whole.
pub(super) const NAVIGATION: &[&str] = &[
    "search", "share", "print", "email", "e-mail", "home", "about", "about us", "contact",
    "contact us", "menu", "login", "log in", "sign in", "sign up", "subscribe", "tweet", "like",
    "skip to main content", "skip to content", "skip navigation", "main menu", "site map",
    "sitemap", "privacy policy", "privacy", "terms of use", "terms and conditions", "disclaimer",
    "accessibility", "help", "faq", "next", "previous", "prev", "download", "download pdf",
    "read more", "more", "top", "close", "rss", "cookies", "cookie policy", "copyright", "facebook",
    "twitter", "resources", "related articles", "you may also like", "all rights reserved",
    "advertisement",
];

/// First words of navigation and footers.
pub(super) const NAVIGATION_STARTS: &[&str] = &[
    "back to ", "return to ", "go to top", "share this", "share on", "print this", "email this",
    "home >", "home »", "home /", "home ›", "click here", "copyright ©", "copyright (c)", "© ",
    "all rights reserved", "follow us", "sign up ", "subscribe to", "read more", "previous page",
    "next page", "last updated", "last modified", "last reviewed", "page last", "posted in",
    "retrieved from", "zurück zu", "retour ", "volver ", "вернуться", "返回",
];

/// Words of salutations; a short block that starts with one addresses the hearers.
pub(super) const SALUTATIONS: &[&str] = &[
    "mr. president", "mr president", "mr. chairman", "mr chairman", "madam president",
    "mme president", "ms. president", "madam chair", "mr. chair", "mr. secretary-general",
    "mr secretary-general", "mr. secretary general", "madame president", "excellenc",
    "your excellenc", "your majest", "your royal", "your highness", "her excellency",
    "distinguished", "ladies and", "ladies,", "dear ", "honorable", "honourable", "honoured",
    "esteemed", "fellow ", "heads of state", "heads of delegation", "h.e. ", "mr secretary",
    "mr. secretary", "his excellency", "sir,", "madam,", "sir:", "madam:", "sirs,", "gentlemen",
    "friends", "colleagues", "i thank you", "thank you", "president,", "monsieur le président",
    "madame la présidente", "señor presidente", "señora presidenta", "senhor presidente",
    "g. president", "господин председатель", "уважаем", "主席先生", "السيد الرئيس", "mesdames",
    "messieurs", "señoras", "guests", "delegates", "bismillah", "in the name of god",
    "in the name of allah", "assalam", "as-salam",
];

/// Labels of cables and memoranda; the text behind the colon is their value.
pub(super) const LABELS: &[&str] = &[
    "from", "to", "subject", "subj", "re", "ref", "refs", "reference", "date", "cc", "info",
    "classification", "precedence", "tags", "e.o.", "eo", "e.o. 12958", "action", "drafted by",
    "memorandum for", "participants", "place", "time", "through", "attn", "no.", "via",
    "in reply refer to", "slug", "secret", "origin",
];

/// Lines that say who issues a paper or who may read it, not what it is about: never its title.
pub(super) const LETTERHEADS: &[&str] = &[
    "united nations", "nations unies", "naciones unidas", "general assembly", "security council",
    "economic and social council", "assemblée générale", "conseil de sécurité", "asamblea general",
    "department of state", "u.s. department of state", "league of nations", "for immediate release",
    "press release", "unclassified", "secret", "confidential", "top secret", "restricted",
    "classified", "limited official use",
];

/// What such lines start with.
pub(super) const LETTERHEAD_STARTS: &[&str] = &[
    "distr.", "original:", "embassy of", "legation of", "resolution adopted by", "no. ",
    "washington, d",
];

/// Words that make what follows a name a role: `Jane Roe, Minister for …`.
pub(super) const ROLES: &[&str] = &[
    "minister", "president", "secretary", "ambassador", "chancellor", "councillor", "counsellor",
    "representative", "director", "professor", "chairman", "chairperson", "chairwoman", "chair",
    "commissioner", "envoy", "delegate", "head", "member", "senator", "governor", "king", "queen",
    "prince", "emir", "fellow", "scholar", "editor", "historian", "general", "deputy", "vice",
    "prime", "foreign", "former", "consul", "chargé", "researcher", "analyst", "spokesperson",
    "spokesman", "advisor", "adviser", "premier", "executive", "permanent", "special",
    "under-secretary-general", "judge", "undersecretary", "economist", "founder", "ministre",
    "ministro", "ministra", "presidente", "président", "embajador", "ambassadeur", "botschafter",
    "министр", "посол", "dean", "attorney",
];

/// Months in the languages of the United Nations that have letters with case, and German,
/// Portuguese, Italian; abbreviations of three letters or more match by prefix.
pub(super) const MONTHS: &[&str] = &[
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
    "sept", "oct", "nov", "dec", "janvier", "février", "mars", "avril", "mai", "juin", "juillet",
    "août", "septembre", "octobre", "novembre", "décembre", "enero", "febrero", "marzo", "abril",
    "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre", "января",
    "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря", "januar", "februar", "märz", "juni", "juli", "oktober", "dezember", "janeiro",
    "fevereiro", "março", "maio", "junho", "julho", "setembro", "outubro", "novembro", "dezembro",
    "gennaio", "febbraio", "aprile", "maggio", "giugno", "luglio", "settembre", "ottobre",
    "dicembre", "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر",
    "أكتوبر", "نوفمبر", "ديسمبر",
];

/// Offices before names. `Secretary of State` counts by its first word.
pub(super) const OFFICES: &[&str] = &[
    "President", "Secretary", "Minister", "Senator", "General", "Ambassador", "Commodore",
    "Admiral", "Chancellor", "Premier", "Chairman", "King", "Queen", "Emperor", "Prince",
    "Princess", "Pope", "Sir", "Lord", "Lady", "Captain", "Colonel", "Major", "Lieutenant",
    "Commander", "Marshal", "Governor", "Congressman", "Representative", "Justice", "Judge",
    "Viceroy", "Sultan", "Shah", "Emir", "Sheikh", "Mr.", "Mrs.", "Ms.", "Dr.", "Professor",
    "Prime", "Foreign", "Vice", "Under-Secretary", "Undersecretary", "First", "Former", "Leader",
    "Private", "Sergeant", "Mayor", "Bishop", "Archbishop",     "Acting",
];

/// Common given names in texts of diplomacy, of several languages in Latin letters; to extend, add
/// a name that is no word of its own.
pub(super) const GIVEN_NAMES: &[&str] = &[
    "Abraham", "Aaron", "Adlai", "Adolf", "Ahmed", "Alan", "Albert", "Alexander", "Alexei",
    "Alfred", "Ali", "Andrei", "Andrew", "Angela", "Anne", "Anthony", "Antonio", "Arthur", "Ban",
    "Barack", "Benjamin", "Bernard", "Boris", "Boutros", "Calvin", "Carlos", "Charles", "Chester",
    "Christian", "Christopher", "Colin", "Condoleezza", "Cordell", "Cyrus", "Daniel", "David",
    "Dean", "Deng", "Dmitry", "Donald", "Dwight", "Edmund", "Edward", "Eleanor", "Elihu",
    "Elizabeth", "Emmanuel", "Ernest", "Eugene", "Felix", "Fidel", "Francis", "Francisco",
    "François", "Frank", "Franklin", "Frederick", "Gamal", "George", "Gerald", "Giuseppe", "Grover",
    "Gustav", "Hamilton", "Hans", "Harold", "Harry", "Helmut", "Henry", "Herbert", "Hillary", "Ho",
    "Hosni", "Hugo", "Ivan", "Jacques", "James", "Jawaharlal", "Jean", "Jefferson", "Jimmy",
    "Joachim", "Johann", "John", "Jonathan", "Joseph", "Josip", "José", "Joshua", "Juan", "Karl",
    "Kofi", "Konrad", "Kwame", "Lech", "Leonid", "Louis", "Luis", "Lyndon", "Madeleine", "Mao",
    "Margaret", "Maria", "Martin", "Mary", "Michael", "Mikhail", "Mohamed", "Mohammad",
    "Mohammed", "Mustafa", "Nelson", "Ngo", "Nguyen", "Nicholas", "Nicolas", "Nikita", "Nikolai",
    "Olof", "Otto", "Patrick", "Paul", "Pedro", "Peter", "Philip", "Philippe", "Pierre", "Raúl",
    "Richard", "Robert", "Roger", "Ronald", "Saddam", "Salvador", "Samuel", "Sergei",
    "Sergey", "Simon", "Sukarno", "Susan", "Theodore", "Thomas", "Ulysses",
    "Vladimir", "Walter", "Warren", "William", "Willy", "Winston", "Woodrow", "Xi", "Yasser",
    "Yitzhak", "Zachary", "Zbigniew", "Zhou",
];

/// Words for pictures, before `of`, `in`, `by`, `showing`, `originally` and the like.
pub(super) const PICTURES: &[&str] = &[
    "illustration", "cartoon", "poster", "portrait", "painting", "sketch", "drawing", "engraving",
    "lithograph", "stamp", "depiction", "photograph", "photo", "landscape", "emblem", "statue",
    "bust", "scene", "view", "caricature", "cover", "screenshot", "leaflet", "etching",
    "daguerreotype", "map",
];

/// Words that keep a small letter in titles, in the languages that have title case or borrow it.
pub(super) const SMALL: &[&str] = &[
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "nor", "of", "on", "or",
    "our", "over", "per", "the", "to", "under", "via", "vs", "with", "de", "del", "des", "du", "la",
    "le", "les", "el", "los", "las", "y", "et", "e", "da", "do", "dos", "und", "der", "die", "das",
    "its", "is",
];

/// Auxiliary verbs: sentences have them, headings seldom.
pub(super) const AUXILIARIES: &[&str] = &[
    "is", "are", "was", "were", "be", "been", "has", "have", "had", "will", "would", "shall",
    "should", "must", "can", "could", "may", "might", "am", "do", "does", "did",
];

/// Words of numbered divisions, in lower case (UDHR and treaties in the languages of the sets).
pub(super) const DIVISIONS: &[&str] = &[
    "article", "artículo", "artigo", "artikel", "articolo", "статья", "chapter", "chapitre",
    "capítulo", "kapitel", "глава", "part", "partie", "parte", "teil", "часть", "section",
    "sección", "annex", "annexe", "anexo", "приложение", "appendix", "title", "titre", "المادة",
    "الفصل", "अनुच्छेद",
];

/// Words that no heading ends with: the line goes on. English, French, Spanish and German.
pub(super) const LINKING: &[&str] = &[
    "the", "of", "and", "to", "in", "for", "with", "that", "by", "our", "its", "their", "a", "an",
    "from", "this", "on", "at", "as", "or", "is", "are", "was", "has", "have", "which", "who", "de",
    "la", "le", "les", "des", "du", "et", "el", "los", "las", "y", "en", "del", "der", "und", "von",
    "den", "we", "it", "my", "his", "her", "your", "these", "those", "may", "since", "The", "As",
    "For", "My", "His", "On", "In", "This", "May", "At", "To", "With", "We", "A", "An",
];

/// Forms of address before a name.
pub(super) const ADDRESSES: &[&str] = &[
    "Mr.", "Mrs.", "Ms.", "Miss", "Dr.", "Sir", "Mr", "Mrs", "Ms", "M.", "Mme", "Mme.", "Sr.",
    "Sra.", "Prince", "Lord", "Count", "Baron", "Sheikh", "Shaikh", "General", "Ambassador",
    "Secretary", "Senator", "Dame", "Herr", "Frau", "Г-н", "Г-жа", "U", "Princess", "King",
    "Archbishop",
];

/// Offices that speak without a name.
pub(super) const SPEAKING_OFFICES: &[&str] = &[
    "the president", "the acting president", "the temporary president", "the chairman",
    "the chairperson", "the chair", "the chairwoman", "the vice-president", "the secretary-general",
    "the secretary", "the deputy secretary-general", "the rapporteur", "the moderator",
    "le président", "la présidente", "el presidente", "la presidenta", "председатель", "主席",
    "الرئيس", "question", "answer", "q", "a", "moderator", "interviewer", "der präsident",
];

/// What stands before the name of who speaks, in a line of its own.
pub(super) const SPEAKER_LABELS: &[&str] = &[
    "speaker:", "author:", "delivered by:", "delivered by ", "orateur :", "orateur:", "oratrice :",
    "auteur :", "auteur:", "orador:", "oradora:", "autor:", "autora:", "redner:", "докладчик:",
    "оратор:", "автор:",
];

/// Those who speak for a State and are not named.
pub(super) const DELEGATES: &[&str] = &[
    "representative", "delegate", "delegation", "observer", "head of delegation",
    "permanent representative", "représentant", "représentante", "délégué", "déléguée",
    "representante", "delegado", "delegada", "представитель",
];

/// Addresses in capitals.
pub(super) const TITLES_IN_CAPITALS: &[&str] = &[
    "MR.", "MRS.", "MS.", "DR.", "MISS ", "SECRETARY ", "AMBASSADOR ", "SENATOR ", "PRESIDENT ",
];

/// Names of sections that are never titles of documents.
pub(super) const SECTION_NAMES: &[&str] = &[
    "introduction", "preamble", "foreword", "preface", "summary", "executive summary", "abstract",
    "contents", "table of contents", "preámbulo", "préambule", "преамбула", "الديباجة", "序言",
    "introducción", "einleitung", "notes", "background", "overview", "conclusion",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_are_in_lower_case() {
        for table in [CAPTION_STARTS, CAPTION_HOLDS, CREDITS, NAVIGATION, SALUTATIONS, LABELS, ROLES, MONTHS] {
            for word in table {
                assert_eq!(*word, word.to_lowercase());
                assert!(!word.trim().is_empty());
            }
        }
    }
}
