//! Given and family names of many languages, to be combined at random.
//!
//! An entry is a name as it is written, and after a slash as it is spelled in a username; without a slash the letters
//! are spelled as they fold. An underscore is a space. Names grow from their parts, so that some hundred entries make
//! many thousand names, a few of them common and most of them rare. A slash alone is nothing: no such part.

use domain::fold;

/// How the people of one language are named.
struct Language {
    /// How many among all are of this language, in proportion to the others.
    share: u64,
    order: Order,
    given: [&'static str; 2],
    family: [&'static str; 3],
    /// What joins two family names, where people have two.
    double: Option<&'static str>,
}

#[derive(Clone, Copy)]
enum Order {
    GivenFirst,
    FamilyFirst,
    /// The family's name first, without a space.
    Joined,
}

const LANGUAGES: &[Language] = &[
    // English
    Language {
        share: 160,
        order: Order::GivenFirst,
        given: [
            "Olivia James Emma Noah Amelia Oliver Sophia Henry Grace Leo Chloe Jack Hannah Owen Lily Max Ruby Finn Ella Aaron Maya Seth Ivy Caleb Nora Miles Quinn Jude Wren Ezra",
            "",
        ],
        family: [
            "Hart Brad Wood Ash Clay Kings Mill West Black Green Harring Stan Win Whit Lang North Red Wake Thorn Elm Birch Rock Fair Hay Lock Marsh Stone Wal",
            "/ ing er s el en",
            "ton ford ley field by worth man well ham den er wick bridge",
        ],
        double: Some("-"),
    },
    // Spanish and Portuguese
    Language {
        share: 110,
        order: Order::GivenFirst,
        given: [
            "María José Ángel Lucía Inês João Sofía Martín Beatriz Íñigo Begoña Raúl Conceição Óscar Núria Estêvão Joaquín Mónica Antônio Verónica",
            "/ / / _Luis _Isabel _Paz _Pilar",
        ],
        family: [
            "García Muñoz Gonçalves Peña Araújo Ibáñez Núñez Ordóñez Simões Magalhães Cáceres Yáñez Brandão Quiñones Avilés Guimarães Leão Fariña",
            "/ / el in et",
            "/ / es ero ada",
        ],
        double: Some(" "),
    },
    // Scandinavian
    Language {
        share: 80,
        order: Order::GivenFirst,
        given: [
            "Åsa Björn Søren Märta Øystein Linnéa Håkon Kjersti Jörgen Sølvi Gösta Bjørg Göran Ragnhild Þóra Ægir Sigrún Väinö Åke",
            "",
        ],
        family: [
            "Lind Berg Ström Ång Sjö Öst Dal Skog Næss Grön Häll Bjerk Sund Rød Löv Åker Høg Fjell Ask Ström",
            "/ / e s a er",
            "ström qvist gren berg lund dahl mark sten vik gård stad holm",
        ],
        double: Some("-"),
    },
    // German and French
    Language {
        share: 110,
        order: Order::GivenFirst,
        given: [
            "Anna Lukas Zoé Jürgen Françoise Hélène Günther Käthe Benoît Loïc Jörg Maëlle Heidi Rüdiger Amélie Gaël Björg Noémie Bärbel Cédric",
            "/ / / -Marie -Louise -Pierre",
        ],
        family: [
            "Müll Weiß Schrö Köh Lefèv Beau Château Bäck Grün König Mont Höl Rich Fröh Wein Stein Bo Dü",
            "/ el en er in au",
            "er ler mann der lich re champ bert aud ard brunn feld inger",
        ],
        double: Some("-"),
    },
    // Polish and Czech
    Language {
        share: 70,
        order: Order::GivenFirst,
        given: ["Łukasz Żaneta Zofia Jiří Małgorzata Ondřej Božena Świętosława Wojciech Štěpán Agnieszka Zdeněk Jędrzej Růžena", ""],
        family: [
            "Wiśniew Kowal Nowa Dvořá Dąbrow Zieliń Černý Šťast Głowac Kołodziej Hruš Ście Wójci Ostrow",
            "/ ow in al il",
            "ski czyk ek ik owicz ák ník ka ewska",
        ],
        double: Some("-"),
    },
    // Turkish
    Language {
        share: 50,
        order: Order::GivenFirst,
        given: ["İpek Ömer Işıl Şükrü Çağla Gökhan Ayşe Uğur Müge Yağız Özge Barış Tuğçe İlker", ""],
        family: ["Kara Ak Öz Demir Yıldı Gül Taş Şen Çelik Bozkı Aydo", "/ / man han can bey", "taş kaya türk oğlu lı ğan er su pınar"],
        double: None,
    },
    // Vietnamese
    Language {
        share: 40,
        order: Order::FamilyFirst,
        given: ["Hương Minh Thảo Đạt Ngọc Tuấn Yến Phước Dũng Hằng Quỳnh Khải Lệ Bình", ""],
        family: ["Nguyễn Trần Lê Phạm Hoàng Huỳnh Vũ Đặng Bùi Đỗ Hồ Ngô Dương", "", "_Thị _Văn _Đức _Thanh _Hữu _Bảo _Gia"],
        double: None,
    },
    // Russian and Ukrainian
    Language {
        share: 70,
        order: Order::GivenFirst,
        given: [
            "Ольга/olga Иван/ivan Мария/mariya Дмитрий/dmitriy Алёна/alyona Сергей/sergey Юлия/yuliya Фёдор/fyodor Ганна/hanna Їжак/yizhak Оксана/oksana Тарас/taras Щербина/shcherbyna Эльвира/elvira",
            "",
        ],
        family: [
            "Ёлк/yolk Петр/petr Сид/sid Кузн/kuzn Шевч/shevch Мороз/moroz Бондар/bondar Жук/zhuk Соловь/solov Черн/chern Гайд/haid Ковал/koval Лес/les Щерб/shcherb",
            "/ ов/ov ин/in ец/ets ач/ach аль/al",
            "ов/ov ин/in енко/enko ский/skiy ук/uk ченко/chenko ович/ovich ай/ai ейчук/eychuk",
        ],
        double: Some("-"),
    },
    // Greek
    Language {
        share: 35,
        order: Order::GivenFirst,
        given: [
            "Ελένη/eleni Γιώργος/giorgos Κατερίνα/katerina Θανάσης/thanasis Ζωή/zoi Σπύρος/spyros Δήμητρα/dimitra Ηλίας/ilias Φωτεινή/foteini",
            "",
        ],
        family: [
            "Παπαδ/papad Γεωργ/georg Νικολα/nikola Δημητρ/dimitr Μακρ/makr Θεοδωρ/theodor Χατζη/chatzi Ξενακ/xenak",
            "/ αντων/anton ιαν/ian ομιχ/omich εν/en",
            "όπουλος/opoulos ίδης/idis άκης/akis ίου/iou ατος/atos έας/eas",
        ],
        double: Some("-"),
    },
    // Georgian
    Language {
        share: 15,
        order: Order::GivenFirst,
        given: ["ნინო/nino გიორგი/giorgi თამარ/tamar ლევან/levan მარიამ/mariam ზურაბ/zurab", ""],
        family: ["ბერი/beri კაპანა/kapana გელა/gela მაისურა/maisura ჯაფარი/japari", "/ ლა/la ნი/ni რე/re", "შვილი/shvili ძე/dze იანი/iani"],
        double: None,
    },
    // Armenian
    Language {
        share: 10,
        order: Order::GivenFirst,
        given: ["Անի/ani Արամ/aram Նարեկ/narek Շուշան/shushan Գայանե/gayane", ""],
        family: ["Հակոբ/hakob Պետրոս/petros Սարգս/sargs Գրիգոր/grigor Ավետիս/avetis", "/ ար/ar ին/in ու/u", "յան/yan ունի/uni ենց/ents"],
        double: None,
    },
    // Arabic and Persian
    Language {
        share: 60,
        order: Order::GivenFirst,
        given: [
            "محمّد/muhammad فاطمة/fatima علی‌رضا/alireza خالد/khalid زينب/zaynab یوسف/yusuf مریم/maryam إبراهيم/ibrahim نور/nur حسین/husayn",
            "",
        ],
        family: [
            "الحدّاد/haddad النجّار/najjar الخطيب/khatib حسن/hasan رستم/rustam بغداد/baghdad شيراز/shiraz مصر/misr كرم/karam",
            "/ / آباد/abad الدین/aldin اوي/awi",
            "/ ي/i زاده/zadeh ان/an پور/pur",
        ],
        double: None,
    },
    // Hebrew
    Language {
        share: 25,
        order: Order::GivenFirst,
        given: ["נועה/noa יוסף/yosef תמר/tamar איתן/eitan שׁירה/shira גלעד/gilad מיכל/michal אורי/uri", ""],
        family: [
            "כה/ko לוי/levi מזר/mizr פרי/peri אבר/avr שר/shar גולד/gold רוזנ/rozen",
            "/ / מן/man ל/l ש/sh",
            "ן/n ה/a חי/hi דמן/dman ברג/berg בסקי/bski",
        ],
        double: Some("-"),
    },
    // Hindi and Marathi
    Language {
        share: 55,
        order: Order::GivenFirst,
        given: ["प्रिया/priya अर्जुन/arjun दीपिका/dipika विक्रम/vikram अनन्या/ananya हृदय/hriday ज्योति/jyoti कृष्ण/krishna", ""],
        family: [
            "शर्/shar देश/desh कुल/kul चतु/chatu मह/mah गुप/gup पाटि/pati जोश/josh",
            "/ / वर/var राज/raj नाथ/nath",
            "मा/ma पांडे/pande कर्णी/karni र्वेदी/rvedi ता/ta ल/l ी/i",
        ],
        double: None,
    },
    // Bengali
    Language {
        share: 20,
        order: Order::GivenFirst,
        given: ["অনির্বাণ/anirban সুমিতা/sumita দেবজ্যোতি/debjyoti মৌসুমী/mousumi রাহুল/rahul", ""],
        family: ["চট্টো/chatto মুখো/mukho বন্দ্যো/bandyo গঙ্গো/gango", "/ / রায়/ray নাথ/nath", "পাধ্যায়/padhyay পাল/pal"],
        double: None,
    },
    // Tamil
    Language {
        share: 15,
        order: Order::GivenFirst,
        given: ["கவிதா/kavitha முருகன்/murugan செல்வி/selvi அருண்/arun மீனா/meena", ""],
        family: ["சுந்தர/sundara வேலு/velu ராம/rama கிருஷ்ண/krishna", "/ / வேல்/vel நாத/natha", "ராஜன்/rajan மூர்த்தி/murthy சாமி/sami"],
        double: None,
    },
    // Thai
    Language {
        share: 30,
        order: Order::GivenFirst,
        given: ["สมชาย/somchai กนกวรรณ/kanokwan ธนพล/thanaphon อรุณี/arunee ปิยะ/piya วีระ/wira สุนิสา/sunisa", ""],
        family: [
            "ศรี/si วงศ์/wong แก้ว/kaeo ทอง/thong บุญ/bun จันทร์/chan ชัย/chai",
            "/ ภัทร/phat วัฒน/wat กิตติ/kit นันท/nan",
            "สุข/suk ประเสริฐ/prasoet มณี/mani รัตน์/rat ดี/di พงษ์/phong",
        ],
        double: None,
    },
    // Chinese
    Language {
        share: 100,
        order: Order::Joined,
        given: [
            "伟/wei 芳/fang 娜/na 敏/min 静/jing 小/xiao 晓/xiao 志/zhi 建/jian 玉/yu 文/wen 雅/ya 思/si 國/guo 海/hai 春/chun 嘉/jia 佳/jia 子/zi 若/ruo 永/yong 德/de 美/mei 秀/xiu 俊/jun 天/tian 欣/xin 浩/hao 立/li 慧/hui",
            "/ 明/ming 华/hua 龍/long 娟/juan 强/qiang 婷/ting 宇/yu 琳/lin 杰/jie 雪/xue 鵬/peng 平/ping 军/jun 英/ying 涛/tao 霞/xia 萍/ping 超/chao 博/bo 然/ran 轩/xuan 怡/yi 涵/han 妍/yan 辉/hui 光/guang",
        ],
        family: ["王/wang 𠮷/ji 李/li 张/zhang 刘/liu 陳/chen 杨/yang 黄/huang 趙/zhao 吴/wu 周/zhou 欧阳/ouyang 司马/sima", "", ""],
        double: None,
    },
    // Japanese
    Language {
        share: 60,
        order: Order::FamilyFirst,
        given: [
            "さくら/sakura 健太/kenta ハルカ/haruka 美/mi 翔/sho 直/nao 陽/yo 結/yu がく/gaku ユウト/yuto",
            "/ 子/ko 樹/ki 太/ta 香/ka",
        ],
        family: [
            "山/yama 田/ta 川/kawa 中/naka 藤/fuji 高/taka 小/ko 松/matsu 石/ishi 佐々/sasa",
            "/ / ノ/no",
            "田/da 本/moto 村/mura 木/ki 野/no 口/guchi 原/hara 井/i 島/shima",
        ],
        double: None,
    },
    // Korean
    Language {
        share: 60,
        order: Order::Joined,
        given: [
            "민/min 서/seo 지/ji 예/ye 하/ha 도/do 현/hyeon 수/su 은/eun 성/seong 재/jae 승/seung 태/tae 윤/yun 소/so 유/yu 혜/hye",
            "준/jun 연/yeon 우/u 아/a 호/ho 진/jin 영/yeong 빈/bin 희/hui 경/gyeong 원/won 훈/hun 석/seok 미/mi 정/jeong 율/yul",
        ],
        family: ["김/kim 이/lee 박/park 최/choi 정/jung 강/kang 조/cho 윤/yoon 남궁/namgung", "", ""],
        double: None,
    },
];

/// A name as it is written and as it is spelled in a username.
#[derive(Clone)]
pub(super) struct Spelled {
    pub(super) written: String,
    pub(super) latin: String,
}

impl Spelled {
    fn parse(entry: &str) -> Self {
        let entry = entry.replace('_', " ");
        let (written, latin) = match entry.split_once('/') {
            Some((written, latin)) => (written.to_owned(), latin.to_owned()),
            None => (entry.clone(), fold::search_form(&entry).chars().filter(char::is_ascii_alphanumeric).collect()),
        };
        Self { written, latin }
    }

    fn then(&self, tail: &Self) -> Self {
        Self { written: format!("{}{}", self.written, tail.written), latin: format!("{}{}", self.latin, tail.latin) }
    }
}

/// The names of one language, in every combination of their parts.
pub(super) struct Names {
    pub(super) share: u64,
    order: Order,
    pub(super) given: Vec<Spelled>,
    pub(super) family: Vec<Spelled>,
    double: Option<&'static str>,
}

impl Names {
    pub(super) fn all() -> Vec<Self> {
        LANGUAGES.iter().map(Self::of).collect()
    }

    fn of(language: &Language) -> Self {
        let (given, family) = (combined(&language.given), combined(&language.family));
        Self { share: language.share, order: language.order, given, family, double: language.double }
    }

    /// Two family names as one, where people of this language have two.
    pub(super) fn joined(&self, first: &Spelled, second: &Spelled) -> Option<Spelled> {
        let written = format!("{}{}{}", first.written, self.double?, second.written);
        Some(Spelled { written, latin: format!("{}{}", first.latin, second.latin) })
    }

    /// The whole name as people of this language write it.
    pub(super) fn whole(&self, given: &str, family: &str) -> String {
        match self.order {
            Order::GivenFirst => format!("{given} {family}"),
            Order::FamilyFirst => format!("{family} {given}"),
            Order::Joined => format!("{family}{given}"),
        }
    }
}

/// Every first part with every second part and so on; a list without entries adds nothing.
fn combined(lists: &[&str]) -> Vec<Spelled> {
    let mut names = vec![Spelled::parse("/")];
    for list in lists.iter().filter(|list| !list.is_empty()) {
        let parts: Vec<Spelled> = list.split_whitespace().map(Spelled::parse).collect();
        names = names.iter().flat_map(|name| parts.iter().map(|part| name.then(part))).collect();
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_spelled_in_a_username() {
        for names in Names::all() {
            for name in names.given.iter().chain(&names.family) {
                assert!(!name.written.is_empty());
                assert!(!name.latin.is_empty() && name.latin.chars().all(|c| c.is_ascii_lowercase()), "{}: {}", name.written, name.latin);
            }
        }
    }

    fn longest(names: &[Spelled]) -> &Spelled {
        names.iter().max_by_key(|name| name.written.chars().count()).unwrap()
    }

    #[test]
    fn the_longest_names_fit() {
        for names in Names::all() {
            let (given, family) = (longest(&names.given), longest(&names.family));
            let family = names.joined(family, family).unwrap_or_else(|| family.clone());
            let whole = names.whole(&format!("{} {}", given.written, given.written), &family.written);
            assert!(whole.chars().count() <= 64, "{whole}");
            let username = format!("{}.{}12345678", given.latin, family.latin);
            assert!(username.len() <= 64, "{username}");
        }
    }
}
