/// The name of a variant in `snake_case`.
pub(crate) fn snake_case(name: &str) -> String {
    let letters = name.chars().enumerate().flat_map(|(place, letter)| {
        let underscore = (place > 0 && letter.is_ascii_uppercase()).then_some('_');
        underscore.into_iter().chain([letter.to_ascii_lowercase()])
    });
    letters.collect()
}
