//! The passive voice, by a form of "to be" and a participle with at most adverbs between them.
//!
//! In: words of a sentence in lower case. Out: the places of participles of passives. A rule of thumb: participles that are
//! mostly adjectives ("is located") are left out, "get" is not looked at, and in Spanish only "ser". Invariant: one pass. Tested
//! by the labelled cases of `tests/it/detectors.rs`, with precision and recall.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use super::sentences::Lowered;
use crate::facts::sieve::{Fnv, hash};

type Words = HashSet<&'static str, BuildHasherDefault<Fnv>>;

/// Words that may stand between the form of "to be" and its participle.
const BETWEEN: usize = 3;

/// Words by their hashes: a form of "to be" is looked for at every word.
type Hashes = HashSet<u64, BuildHasherDefault<Fnv>>;

static BE: LazyLock<Hashes> = LazyLock::new(|| {
    hashes(
        "am is are was were be been being isn't aren't wasn't weren't isn’t aren’t wasn’t weren’t it's they're you're we're i'm \
         it’s they’re you’re we’re i’m that's that’s",
    )
});
static FILLERS: LazyLock<Words> = LazyLock::new(|| {
    set("not never also always often only still already then now both all being been first soon well just sometimes")
});
static IRREGULAR: LazyLock<Words> = LazyLock::new(|| {
    set(
        "beaten begun bent bet bid bitten bound bought broken brought built burnt burst cast caught chosen cut dealt done drawn \
         driven drunk eaten fed felt fought found flown forbidden forgotten forgiven frozen given ground grown heard held hidden \
         hit hurt kept known laid led left lent let lit lost made meant met overseen overtaken paid proven put read rewritten \
         ridden rung said seen sent set sewn shaken shed shot shown shut sold sought sown spent split spoken spread spun \
         stolen struck stuck sung swept sworn taken taught thrown told torn understood undertaken undone upheld used \
         withdrawn withheld won worn woven written mailed overridden outgrown rebuilt resent reset mistaken borne",
    )
});
static ADJECTIVES: LazyLock<Words> = LazyLock::new(|| {
    set(
        "interested located tired excited married retired related dedicated committed supposed concerned worried pleased unemployed \
         disabled experienced based limited ashamed scared surprised satisfied confused advanced aged blessed crowded \
         detailed gifted learned sacred talented wicked naked skilled animated self-employed so-called united complicated \
         sophisticated devoted inclined accustomed embarrassed disappointed frustrated convinced delighted thrilled amazed \
         bored overweight outdated left-handed opposed hundred indeed need seed feed speed weed breed exceed proceed succeed \
         bed red shed sled embed",
    )
});
static SER: LazyLock<Hashes> = LazyLock::new(|| {
    hashes("es son fue fueron era eran será serán sea sean ser sido siendo fuera fueran sería serían somos fuimos")
});
static PARTICIPLES_ES: LazyLock<Words> = LazyLock::new(|| {
    set(
        "hecho hecha hechos hechas escrito escrita escritos escritas puesto puesta puestos puestas visto vista vistos vistas \
         dicho dicha abierto abierta abiertos abiertas cubierto cubierta cubiertos cubiertas resuelto resuelta resueltos \
         resueltas roto rota impreso impresa impresos impresas devuelto devuelta devueltos devueltas electo electa electos",
    )
});
static NOUNS_ES: LazyLock<Words> = LazyLock::new(|| {
    set(
        "vida medida comida salida estado estados mercado lado grado partido sentido sonido pasado contenido resultado \
         resultados empleado empleada empleados abogado abogada abogados soldado ciudadano debido válido válida válidos \
         válidas rápido rápida líquido sólido unido unida unidos unidas responsable cuidado delicado complicado complicada \
         adecuado adecuada adecuados adecuadas interesado interesada elevado elevada privado privada licenciado diputado \
         tratado teclado certificado certificada ácido ida querida hábitado nada todo toda cada entrada llamada",
    )
});

/// A question about a word.
type Asks = fn(&str) -> bool;

fn set(words: &'static str) -> Words {
    words.split_ascii_whitespace().collect()
}

fn hashes(words: &'static str) -> Hashes {
    words.split_ascii_whitespace().map(|word| hash(word.as_bytes())).collect()
}

/// The places of the participles of passives among the words of a sentence.
pub fn passives(language: &str, words: &[Lowered<'_>]) -> Vec<usize> {
    let (be, may_stand_between, is_participle): (&Hashes, Asks, Asks) = match language {
        "en" => (&BE, is_between, is_participle),
        "es" => (&SER, is_between_spanish, is_spanish_participle),
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    let mut since = None;
    for (at, word) in words.iter().enumerate() {
        if be.contains(&word.hash()) {
            since = Some(at);
            continue;
        }
        let Some(be) = since else { continue };
        if is_participle(word.text) {
            // "The used car", "the closed door": after an article it is an adjective, and no article stands between.
            found.push(at);
            since = None;
        } else if at - be > BETWEEN || !may_stand_between(word.text) {
            since = None;
        }
    }
    found
}

fn is_between(word: &str) -> bool {
    FILLERS.contains(word) || (word.len() > 4 && word.ends_with("ly"))
}

fn is_participle(word: &str) -> bool {
    if ADJECTIVES.contains(word) {
        return false;
    }
    let is_regular = word.len() > 4 && word.ends_with("ed") && !word.ends_with("eed") && !is_denied(word);
    is_regular || IRREGULAR.contains(word)
}

/// "Unchanged", "unlimited": a state, not something done. "Undermined" and "united" begin alike.
fn is_denied(word: &str) -> bool {
    word.starts_with("un")
        && !["under", "unit", "unif", "unve", "unlo", "unpa"].iter().any(|begin| word.starts_with(begin))
}

fn is_between_spanish(word: &str) -> bool {
    matches!(word, "no" | "ya" | "también" | "siempre" | "nunca" | "sólo" | "solo" | "bien" | "luego" | "muy")
        || word.ends_with("mente")
}

fn is_spanish_participle(word: &str) -> bool {
    let regular = ["ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas"];
    !NOUNS_ES.contains(word)
        && ((word.len() > 5 && regular.iter().any(|end| word.ends_with(end))) || PARTICIPLES_ES.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_participle_after_to_be_is_passive_and_an_adjective_is_not() {
        for (language, sentence, found) in [
            ("en", "your claim was approved", vec!["approved"]),
            ("en", "forms must be completely filled and are then sent", vec!["filled", "sent"]),
            ("en", "we approved the claim", vec![]),
            ("en", "the office is located in town", vec![]),
            ("en", "the limit is unchanged", vec![]),
            ("en", "it is a closed road", vec![]),
            ("es", "la solicitud fue aprobada ayer", vec!["aprobada"]),
            ("es", "el formulario es válido", vec![]),
            ("es", "los documentos serán también enviados", vec!["enviados"]),
            ("fr", "la demande est approuvée", vec![]),
        ] {
            let words: Vec<&str> = sentence.split(' ').collect();
            let words: Vec<Lowered<'_>> = words.into_iter().map(Lowered::of).collect();
            let got: Vec<&str> = passives(language, &words).into_iter().map(|at| words[at].text).collect();
            assert_eq!(got, found, "{sentence}");
        }
    }
}
