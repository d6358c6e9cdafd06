//! Countries by their ISO 3166-1 alpha-2 codes. Names are the browser's to know, in every language.
//!
//! A test holds this list against a maintained one: it stands here, as one short text, since every visitor who is
//! asked for a country downloads it.

const CODES: &str = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

/// Every code, in alphabetical order.
pub fn codes() -> impl Iterator<Item = &'static str> {
    // All of it is ASCII, so every second byte begins a code.
    (0..CODES.len()).step_by(2).map(|at| &CODES[at..at + 2])
}

/// Whether that is a country's code, in capital letters.
pub fn is_code(text: &str) -> bool {
    codes().any(|code| code == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_the_maintained_one() {
        let mut maintained = celes::Country::get_countries().map(|country| country.alpha2);
        maintained.sort_unstable();
        assert_eq!(codes().collect::<Vec<_>>(), maintained);
    }

    #[test]
    fn a_code_is_two_capital_letters_of_the_list() {
        assert!(is_code("DE") && is_code("ZW") && is_code("AD"));
        for no in ["", "D", "de", "DEU", "EA", "XX", "T1", "ÄD"] {
            assert!(!is_code(no), "{no}");
        }
    }
}
