//! Pictures made safe: nothing of what was sent is kept as it was.
//!
//! A PNG is decoded and written anew, so that whatever stood beside its pixels is gone. An SVG is read as a drawing and
//! written anew from its shapes: scripts, links, handlers and references to elsewhere are no shapes.

use resvg::tiny_skia::{FilterQuality, Pixmap, PixmapPaint, Transform};
use usvg::roxmltree::{Document, ParsingOptions};
use usvg::{ImageHrefResolver, Options, Tree, WriteOptions};

/// Bytes of a picture as it is sent, and as it is kept.
pub(crate) const LARGEST: usize = 512 * 1024;
/// Pixels of a PNG, each way, as it is sent.
const WIDEST_SENT: u32 = 4_096;
/// Pixels of a PNG, each way, as it is kept.
const WIDEST: u32 = 1_024;
/// Elements of an SVG, and how deep they may lie.
const MOST_ELEMENTS: u32 = 20_000;
const DEEPEST: usize = 64;
/// Pixels in a mail, of which screens show half each way.
const MAIL: (u32, u32) = (480, 112);

/// A picture that can be shown to anybody.
pub(crate) struct Picture {
    pub(crate) media_type: &'static str,
    pub(crate) image: Vec<u8>,
    /// The same for mail programs, which know no SVG.
    pub(crate) mail_png: Vec<u8>,
    /// In pixels as they are shown: half of those that it has.
    pub(crate) mail_size: (u32, u32),
}

type Made<T> = Result<T, &'static str>;

const NO_PICTURE: &str = "This is neither a PNG nor an SVG. Choose another file.";
const NOT_READ: &str = "This picture cannot be read: it is damaged. Save it again, then choose it again.";
const TOO_LARGE: &str = "This picture is too large: at most 512 kB and 4,096 pixels each way. Make it smaller.";
const TOO_COMPLEX: &str = "This drawing has too many parts. Simplify it, or save it as a PNG.";
const HAS_LETTERS: &str = "Letters in this drawing are kept as text. Convert them to paths, or save it as a PNG.";
const HAS_PICTURES: &str = "This drawing holds another picture or page. Leave it out, or save it as a PNG.";
const EMPTY: &str = "There is nothing to see in this picture.";

/// Makes a picture safe, or says why it cannot be used. Takes a while: not for the threads that answer requests.
pub(crate) fn made_safe(bytes: &[u8]) -> Made<Picture> {
    if bytes.len() > LARGEST {
        return Err(TOO_LARGE);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") { png(bytes) } else { svg(bytes) }
}

fn png(bytes: &[u8]) -> Made<Picture> {
    // The size stands first (Portable Network Graphics, §11.2.1): nothing is unpacked that would not fit.
    let side = |at: usize| bytes.get(at..at + 4).and_then(|side| side.try_into().ok()).map(u32::from_be_bytes).ok_or(NOT_READ);
    let (width, height) = (side(16)?, side(20)?);
    if width > WIDEST_SENT || height > WIDEST_SENT {
        return Err(TOO_LARGE);
    }
    let sent = Pixmap::decode_png(bytes).map_err(|_| NOT_READ)?;
    if sent.pixels().iter().all(|pixel| pixel.alpha() == 0) {
        return Err(EMPTY);
    }
    let kept = shrunk(&sent, (WIDEST, WIDEST))?;
    let mail = shrunk(&kept, MAIL)?;
    finished("image/png", encoded(&kept)?, &mail)
}

fn svg(bytes: &[u8]) -> Made<Picture> {
    let text = std::str::from_utf8(bytes).map_err(|_| NO_PICTURE)?;
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MOST_ELEMENTS, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        usvg::roxmltree::Error::NodesLimitReached => TOO_COMPLEX,
        _ => NO_PICTURE,
    })?;
    if document.root_element().tag_name().name() != "svg" {
        return Err(NO_PICTURE);
    }
    for element in document.descendants().filter(usvg::roxmltree::Node::is_element) {
        match element.tag_name().name() {
            "text" => return Err(HAS_LETTERS),
            "image" | "foreignObject" | "feImage" => return Err(HAS_PICTURES),
            _ if element.ancestors().count() > DEEPEST => return Err(TOO_COMPLEX),
            _ => {}
        }
    }
    let nothing_from_elsewhere = ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(|_, _| None) };
    let options = Options { image_href_resolver: nothing_from_elsewhere, ..Options::default() };
    let tree = Tree::from_xmltree(&document, &options).map_err(|error| match error {
        usvg::Error::ElementsLimitReached | usvg::Error::ParsingFailed(usvg::roxmltree::Error::NodesLimitReached) => TOO_COMPLEX,
        _ => NOT_READ,
    })?;
    let size = tree.size();
    let scale = fitting((size.width(), size.height()), MAIL);
    let mut mail = canvas(size.width() * scale, size.height() * scale)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut mail.as_mut());
    if mail.pixels().iter().all(|pixel| pixel.alpha() == 0) {
        return Err(EMPTY);
    }
    let written = tree.to_string(&WriteOptions { indent: usvg::Indent::None, ..WriteOptions::default() });
    if written.len() > LARGEST {
        return Err(TOO_COMPLEX);
    }
    finished("image/svg+xml", written.into_bytes(), &mail)
}

fn finished(media_type: &'static str, image: Vec<u8>, mail: &Pixmap) -> Made<Picture> {
    let half = |side: u32| side.div_ceil(2);
    Ok(Picture { media_type, image, mail_png: encoded(mail)?, mail_size: (half(mail.width()), half(mail.height())) })
}

fn encoded(picture: &Pixmap) -> Made<Vec<u8>> {
    let png = picture.encode_png().map_err(|_| NOT_READ)?;
    if png.len() > LARGEST { Err(TOO_LARGE) } else { Ok(png) }
}

/// By how much a size is to be scaled to fit into another one.
#[expect(clippy::cast_precision_loss, reason = "sides of pictures are small numbers")]
fn fitting((width, height): (f32, f32), most: (u32, u32)) -> f32 {
    (most.0 as f32 / width).min(most.1 as f32 / height)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the sides are between 1 and what they have to fit into")]
fn canvas(width: f32, height: f32) -> Made<Pixmap> {
    let side = |side: f32| side.ceil().clamp(1.0, 4_096.0) as u32;
    Pixmap::new(side(width), side(height)).ok_or(NOT_READ)
}

/// The picture, where it is larger scaled down to fit.
#[expect(clippy::cast_precision_loss, reason = "sides of pictures are small numbers")]
fn shrunk(picture: &Pixmap, most: (u32, u32)) -> Made<Pixmap> {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let scale = fitting((width, height), most);
    if scale >= 1.0 {
        return Ok(picture.clone());
    }
    let mut smaller = canvas(width * scale, height * scale)?;
    // Halved first as often as it goes: one large step would leave pixels out.
    let mut halved = picture.clone();
    while scale * width < halved.width() as f32 / 2.0 && halved.width() > 1 && halved.height() > 1 {
        let mut half = canvas(halved.width() as f32 / 2.0, halved.height() as f32 / 2.0)?;
        draw(&halved, &mut half);
        halved = half;
    }
    draw(&halved, &mut smaller);
    Ok(smaller)
}

/// Draws one picture over the whole of the other.
#[expect(clippy::cast_precision_loss, reason = "sides of pictures are small numbers")]
fn draw(from: &Pixmap, to: &mut Pixmap) {
    let (x, y) = (to.width() as f32 / from.width() as f32, to.height() as f32 / from.height() as f32);
    let paint = PixmapPaint { quality: FilterQuality::Bilinear, ..PixmapPaint::default() };
    to.draw_pixmap(0, 0, from.as_ref(), &paint, Transform::from_scale(x, y), None);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(content: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 60 20\">{content}</svg>"
        )
    }

    const SHAPE: &str = "<rect width=\"60\" height=\"20\" fill=\"#1f6feb\"/>";

    fn why(bytes: &[u8]) -> &'static str {
        made_safe(bytes).err().unwrap_or("it was taken")
    }

    fn photo(width: u32, height: u32) -> Vec<u8> {
        let mut pixmap = Pixmap::new(width, height).unwrap();
        pixmap.fill(resvg::tiny_skia::Color::from_rgba8(200, 30, 30, 255));
        pixmap.encode_png().unwrap()
    }

    #[test]
    fn of_a_drawing_only_its_shapes_are_kept() {
        let hostile = drawing(&format!(
            "<script>alert(1)</script><style>@import url(https://evil.example/x.css); rect {{ fill: url(https://evil.example/p) #00f }}</style>\
             <a xlink:href=\"javascript:alert(1)\" href=\"https://evil.example\" onclick=\"alert(1)\">{SHAPE}</a>\
             <rect width=\"9\" height=\"9\" onload=\"alert(1)\" style=\"fill: url(//evil.example/#p) red\"/>\
             <use xlink:href=\"https://evil.example/a.svg#x\"/><animate attributeName=\"href\" to=\"javascript:alert(1)\"/>\
             <metadata>secret</metadata><!-- secret -->"
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
    fn what_would_be_lost_or_not_be_seen_is_refused() {
        assert_eq!(why(drawing("<text>Hello</text>").as_bytes()), HAS_LETTERS);
        for page in ["<image href=\"data:image/png;base64,AA\"/>", "<foreignObject><p/></foreignObject>", "<image href=\"/etc/passwd\"/>"] {
            assert_eq!(why(drawing(&format!("{SHAPE}{page}")).as_bytes()), HAS_PICTURES);
        }
        assert_eq!(why(drawing("").as_bytes()), EMPTY);
        assert_eq!(why(&Pixmap::new(8, 8).unwrap().encode_png().unwrap()), EMPTY);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bytes in [&b""[..], b"hello", b"GIF89a", b"<html></html>", b"<svg", b"\xff\xfe", b"<?xml version=\"1.0\"?><x/>"] {
            assert_eq!(why(bytes), NO_PICTURE);
        }
        let whole = photo(20, 20);
        for length in [8, 20, 24, 40, whole.len() - 20] {
            assert_eq!(why(&whole[..length]), NOT_READ, "{length}");
        }
        assert_eq!(why(b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\" height=\"1\"/>"), NOT_READ);
    }

    #[test]
    fn what_would_take_for_ever_is_refused() {
        assert_eq!(why(&vec![b' '; LARGEST + 1]), TOO_LARGE);
        let mut wide = photo(4, 4);
        wide[16..20].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(why(&wide), TOO_LARGE);
        assert_eq!(why(drawing(&SHAPE.repeat(2_000)).as_bytes()), "it was taken");
        assert_eq!(why(drawing(&SHAPE.repeat(8_000)).as_bytes()), TOO_COMPLEX);
        assert_eq!(why(drawing(&"<g/>".repeat(30_000)).as_bytes()), TOO_COMPLEX);
        assert_eq!(why(drawing(&format!("{}{SHAPE}{}", "<g>".repeat(200), "</g>".repeat(200))).as_bytes()), TOO_COMPLEX);
        // Each of them twice the one before.
        let doubled: String = (1..40).map(|n| format!("<g id=\"d{n}\"><use href=\"#d{0}\"/><use href=\"#d{0}\"/></g>", n - 1)).collect();
        assert_eq!(why(drawing(&format!("<g id=\"d0\">{SHAPE}</g>{doubled}")).as_bytes()), TOO_COMPLEX);
        let entities: String = (1..12).map(|n| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10))).collect();
        let laughs = format!("<!DOCTYPE svg [<!ENTITY e0 \"ha\">{entities}]>{}", drawing("<g>&e11;</g>"));
        assert_eq!(why(laughs.as_bytes()), NO_PICTURE);
    }

    #[test]
    fn a_picture_is_written_anew_and_small_enough() {
        let mut sent = photo(3_000, 600);
        sent.extend_from_slice(b"<script>alert(1)</script>");
        let safe = made_safe(&sent).unwrap();
        let kept = Pixmap::decode_png(&safe.image).unwrap();
        assert_eq!((kept.width(), kept.height()), (1_024, 205));
        assert!(!safe.image.windows(7).any(|bytes| bytes == b"<script"));
        let mail = Pixmap::decode_png(&safe.mail_png).unwrap();
        assert_eq!((mail.width(), mail.height(), safe.mail_size), (480, 97, (240, 49)));
        let red = mail.pixel(240, 48).unwrap().demultiply();
        assert_eq!((red.red(), red.green(), red.blue(), red.alpha()), (200, 30, 30, 255));
        // A small one stays as it is.
        assert_eq!(made_safe(&photo(30, 30)).unwrap().mail_size, (15, 15));
    }
}
