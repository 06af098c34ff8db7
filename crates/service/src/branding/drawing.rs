//! Drawings: an SVG of plain shapes, read without trust and written anew.
//!
//! Only elements that cost what they look like are taken. Copies of parts, masks, patterns and filters refer to one another, and a few
//! lines of them would keep a server busy for ever; a logo does without.

use usvg::roxmltree::{Document, Node, ParsingOptions};
use usvg::{ImageHrefResolver, Options, Tree, WriteOptions};

use super::picture::{HAS_LETTERS, HAS_PICTURES, LARGEST, Made, NO_PICTURE, NOT_PLAIN, NOT_READ, TOO_COMPLEX};

const SVG: &str = "http://www.w3.org/2000/svg";
/// Elements, and how deep they may lie.
const MOST_ELEMENTS: u32 = 10_000;
const DEEPEST: usize = 64;
/// Bytes of style sheets: each rule is tried on each element.
const MOST_STYLE: usize = 32 * 1024;

/// Shapes and what colors them; and what is left out without being missed.
const TAKEN: [&str; 21] = [
    "svg",
    "g",
    "a",
    "defs",
    "title",
    "desc",
    "metadata",
    "style",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "script",
    "animate",
];

/// Reads a drawing, or says why it cannot be used.
pub(super) fn read(bytes: &[u8]) -> Made<Tree> {
    let text = std::str::from_utf8(bytes).map_err(|_| NO_PICTURE)?;
    // An entity stands for text that may be long, and is written anew wherever it is named.
    if text.contains("<!ENTITY") {
        return Err(NOT_PLAIN);
    }
    let options = ParsingOptions { allow_dtd: true, nodes_limit: 3 * MOST_ELEMENTS, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        usvg::roxmltree::Error::NodesLimitReached => TOO_COMPLEX,
        _ => NO_PICTURE,
    })?;
    is_plain(&document)?;
    let nothing_from_elsewhere = ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(|_, _| None) };
    let options = Options { image_href_resolver: nothing_from_elsewhere, ..Options::default() };
    Tree::from_xmltree(&document, &options).map_err(|_| NOT_READ)
}

fn is_plain(document: &Document<'_>) -> Made<()> {
    if !document.root_element().has_tag_name((SVG, "svg")) {
        return Err(NO_PICTURE);
    }
    let (mut elements, mut style, mut clips) = (0, String::new(), false);
    // What is not SVG's own is no part of the drawing.
    for element in document.descendants().filter(|node| node.tag_name().namespace() == Some(SVG)) {
        elements += 1;
        if elements > MOST_ELEMENTS || element.ancestors().count() > DEEPEST {
            return Err(TOO_COMPLEX);
        }
        match element.tag_name().name() {
            "text" => return Err(HAS_LETTERS),
            "image" | "foreignObject" => return Err(HAS_PICTURES),
            "svg" if element != document.root_element() => return Err(NOT_PLAIN),
            "linearGradient" | "radialGradient" if !ends_soon(document, element) => return Err(NOT_PLAIN),
            "style" => style.extend(element.children().filter_map(|child| child.text())),
            "clipPath" => clips = true,
            name if !TAKEN.contains(&name) => return Err(NOT_PLAIN),
            _ => {}
        }
        if is_clipped(element) && element.ancestors().any(|above| above.has_tag_name((SVG, "clipPath"))) {
            return Err(NOT_PLAIN);
        }
    }
    // A style sheet could clip what clips.
    if style.len() > MOST_STYLE || (clips && style.contains("clip-path")) {
        return Err(NOT_PLAIN);
    }
    Ok(())
}

fn is_clipped(element: Node<'_, '_>) -> bool {
    element.has_attribute("clip-path") || element.attribute("style").is_some_and(|style| style.contains("clip-path"))
}

/// Whether a gradient refers to none, or to one that refers to no other.
fn ends_soon(document: &Document<'_>, gradient: Node<'_, '_>) -> bool {
    let Some(reference) = reference(gradient) else { return true };
    let id = reference.strip_prefix('#').unwrap_or_default();
    let mut named = document.descendants().filter(|node| node.attribute("id") == Some(id));
    let (one, more) = (named.next(), named.next());
    one.is_some_and(|node| self::reference(node).is_none()) && more.is_none()
}

fn reference<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attributes().find(|attribute| attribute.name() == "href").map(|attribute| attribute.value())
}

/// The shapes, as an SVG of our own.
pub(super) fn written(tree: &Tree) -> Made<Vec<u8>> {
    let written = tree.to_string(&WriteOptions { indent: usvg::Indent::None, ..WriteOptions::default() });
    if written.len() > LARGEST {
        return Err(TOO_COMPLEX);
    }
    // Names are written as they were given: whatever one of them may have broken or pointed to is found here.
    let document = Document::parse(&written).map_err(|_| NOT_READ)?;
    let refers = |value: &str| !value.match_indices("url(").all(|(at, _)| value[at..].starts_with("url(#")) || value.contains("//");
    let mut elements = document.descendants().filter(Node::is_element);
    if elements.any(|element| element.attributes().any(|attribute| attribute.name() == "href" || refers(attribute.value()))) {
        return Err(NOT_READ);
    }
    Ok(written.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::picture::made_safe;
    use super::*;

    fn drawing(content: &str) -> String {
        format!("<svg xmlns=\"{SVG}\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 60 20\">{content}</svg>")
    }

    const SHAPE: &str = "<rect width=\"60\" height=\"20\" fill=\"#1f6feb\"/>";

    fn why(content: &str) -> &'static str {
        made_safe(drawing(content).as_bytes()).err().unwrap_or("it was taken")
    }

    #[test]
    fn of_a_drawing_only_its_shapes_are_kept() {
        let hostile = drawing(&format!(
            "<script>alert(1)</script><style>@import url(https://evil.example/x.css); rect {{ fill: url(https://evil.example/p) #00f }}</style>\
             <a xlink:href=\"javascript:alert(1)\" href=\"https://evil.example\" onclick=\"alert(1)\">{SHAPE}</a>\
             <rect width=\"9\" height=\"9\" onload=\"alert(1)\" style=\"fill: url(//evil.example/#p) red\"/>\
             <animate attributeName=\"href\" to=\"javascript:alert(1)\"/><metadata>secret</metadata><!-- secret -->"
        ));
        let safe = made_safe(hostile.as_bytes()).unwrap();
        let text = String::from_utf8(safe.image).unwrap();
        assert_eq!(safe.media_type, "image/svg+xml");
        assert!(text.contains("<path"), "{text}");
        for gone in ["script", "alert", "evil", "onclick", "onload", "secret", "@import", "animate", "metadata", "href"] {
            assert!(!text.contains(gone), "{gone}: {text}");
        }
        assert_eq!(safe.mail_size, (168, 56));
    }

    #[test]
    fn plain_logos_are_taken() {
        let gradient = "<defs><linearGradient id=\"a\"><stop stop-color=\"red\"/><stop offset=\"1\" stop-color=\"blue\"/></linearGradient>\
            <linearGradient id=\"b\" xlink:href=\"#a\" x1=\"0\" x2=\"1\"/><clipPath id=\"c\"><circle r=\"9\" cx=\"9\" cy=\"9\"/></clipPath></defs>";
        assert_eq!(
            why(&format!("{gradient}<g clip-path=\"url(#c)\"><rect width=\"60\" height=\"20\" fill=\"url(#b)\"/></g>")),
            "it was taken"
        );
        let doctype = "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">";
        assert!(made_safe(format!("<?xml version=\"1.0\"?>{doctype}{}", drawing(SHAPE)).as_bytes()).is_ok());
        assert_eq!(why(&SHAPE.repeat(2_000)), "it was taken");
    }

    #[test]
    fn what_would_be_lost_is_refused() {
        assert_eq!(why("<text>Hello</text>"), HAS_LETTERS);
        for page in ["<image href=\"data:image/png;base64,AA\"/>", "<foreignObject><p/></foreignObject>", "<image href=\"/etc/passwd\"/>"] {
            assert_eq!(why(&format!("{SHAPE}{page}")), HAS_PICTURES);
        }
    }

    #[test]
    fn what_would_keep_the_server_busy_is_refused() {
        assert_eq!(why(&SHAPE.repeat(8_000)), TOO_COMPLEX);
        assert_eq!(why(&"<g/>".repeat(11_000)), TOO_COMPLEX);
        assert_eq!(why(&format!("{}{SHAPE}{}", "<g>".repeat(200), "</g>".repeat(200))), TOO_COMPLEX);
        let clip = |id: &str, by: &str| format!("<clipPath id=\"{id}\" {by}><rect width=\"9\" height=\"9\"/></clipPath>");
        let circle = ["a", "b", "c"].map(|id| clip(id, &format!("clip-path=\"url(#{})\"", if id == "a" { "b" } else { "a" }))).concat();
        for busy in [
            "<use href=\"#x\"/>",
            "<filter id=\"f\"><feTurbulence numOctaves=\"4e9\"/></filter>",
            "<pattern id=\"p\" width=\"1e6\" height=\"1e6\" patternUnits=\"userSpaceOnUse\"/>",
            "<mask id=\"m\"/>",
            "<symbol/>",
            "<svg/>",
            "<switch/>",
            "<marker/>",
            "<linearGradient id=\"a\" href=\"#b\"/><linearGradient id=\"b\" href=\"#c\"/><linearGradient id=\"c\" href=\"#b\"/>",
            "<linearGradient id=\"a\" href=\"#b\"/><linearGradient id=\"b\"/><linearGradient id=\"b\" href=\"#a\"/>",
            &circle,
            &clip("a", "style=\"clip-path: url(#b)\""),
            &format!("<style>clipPath {{ clip-path: url(#a) }}</style>{}", clip("a", "")),
            &format!("<style>{}</style>", "a{}".repeat(12_000)),
        ] {
            assert_eq!(why(&format!("{SHAPE}{busy}")), NOT_PLAIN, "{busy:.80}");
        }
        let entity = format!("<!DOCTYPE svg [<!ENTITY e \"ha\">]>{}", drawing("<g>&e;</g>"));
        assert_eq!(made_safe(entity.as_bytes()).err(), Some(NOT_PLAIN));
    }

    #[test]
    fn names_that_would_break_what_is_written_are_refused() {
        for id in ["R&amp;D", "x) url(https://evil.example/f.svg#y", "a&lt;b"] {
            let gradient = format!("<linearGradient id=\"{id}\"><stop stop-color=\"red\"/><stop offset=\"1\"/></linearGradient>");
            let shape = format!("<rect width=\"60\" height=\"20\" fill=\"url('#{id}')\"/>");
            let outcome = made_safe(drawing(&format!("{gradient}{shape}")).as_bytes());
            let text = outcome.map(|safe| String::from_utf8(safe.image).unwrap()).unwrap_or_default();
            assert!(!text.contains("evil") && !text.contains("R&D") && !text.contains("a<b"), "{text}");
        }
    }
}
