//! Pictures made safe: nothing of what was sent is kept as it was.
//!
//! A PNG is decoded and written anew, so that whatever stood beside its pixels is gone. An SVG is read as a drawing of plain
//! shapes and written anew from them ([`drawing`](super::drawing)).

use resvg::tiny_skia::{FilterQuality, Pixmap, PixmapPaint, Transform};

use super::drawing;

/// Bytes of a picture as it is sent, and as it is kept.
pub(crate) const LARGEST: usize = 512 * 1024;
/// Pixels of a PNG, each way, as it is sent.
const WIDEST_SENT: u32 = 4_096;
/// Pixels of a PNG, each way, as it is kept.
const WIDEST: u32 = 1_024;
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

pub(super) type Made<T> = Result<T, &'static str>;

pub(super) const NO_PICTURE: &str = "This is neither a PNG nor an SVG. Choose another file.";
pub(super) const NOT_READ: &str = "This picture cannot be read: it is damaged. Save it again, then choose it again.";
const TOO_LARGE: &str = "This picture is too large: at most 512 kB and 4,096 pixels each way. Make it smaller.";
pub(super) const TOO_COMPLEX: &str = "This drawing has too many parts. Simplify it, or save it as a PNG.";
pub(super) const HAS_LETTERS: &str = "Letters in this drawing are kept as text. Convert them to paths, or save it as a PNG.";
pub(super) const HAS_PICTURES: &str = "This drawing holds another picture or page. Leave it out, or save it as a PNG.";
pub(super) const NOT_PLAIN: &str = "This drawing uses copies of parts, masks, patterns, filters, markers or entities. Flatten it to plain shapes, \
    or save it as a PNG.";
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
    let tree = drawing::read(bytes)?;
    let size = tree.size();
    let scale = fitting((size.width(), size.height()), MAIL);
    let mut mail = canvas((size.width() * scale, size.height() * scale), MAIL)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut mail.as_mut());
    if mail.pixels().iter().all(|pixel| pixel.alpha() == 0) {
        return Err(EMPTY);
    }
    finished("image/svg+xml", drawing::written(&tree)?, &mail)
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
fn canvas((width, height): (f32, f32), most: (u32, u32)) -> Made<Pixmap> {
    let side = |side: f32, most: u32| (side.round().max(1.0) as u32).min(most);
    Pixmap::new(side(width, most.0), side(height, most.1)).ok_or(NOT_READ)
}

/// The picture, where it is larger scaled down to fit.
#[expect(clippy::cast_precision_loss, reason = "sides of pictures are small numbers")]
fn shrunk(picture: &Pixmap, most: (u32, u32)) -> Made<Pixmap> {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let scale = fitting((width, height), most);
    if scale >= 1.0 {
        return Ok(picture.clone());
    }
    let mut smaller = canvas((width * scale, height * scale), most)?;
    // Halved first as often as it goes: one large step would leave pixels out.
    let mut halved = picture.clone();
    while scale * width < halved.width() as f32 / 2.0 && halved.width() > 1 && halved.height() > 1 {
        let mut half = canvas((halved.width() as f32 / 2.0, halved.height() as f32 / 2.0), (WIDEST_SENT, WIDEST_SENT))?;
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

    fn why(bytes: &[u8]) -> &'static str {
        made_safe(bytes).err().unwrap_or("it was taken")
    }

    fn photo(width: u32, height: u32) -> Vec<u8> {
        let mut pixmap = Pixmap::new(width, height).unwrap();
        pixmap.fill(resvg::tiny_skia::Color::from_rgba8(200, 30, 30, 255));
        pixmap.encode_png().unwrap()
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert_eq!(why(&vec![b' '; LARGEST + 1]), TOO_LARGE);
        assert_eq!(why(&Pixmap::new(8, 8).unwrap().encode_png().unwrap()), EMPTY);
        let mut wide = photo(4, 4);
        wide[16..20].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(why(&wide), TOO_LARGE);
        for bytes in [&b""[..], b"hello", b"GIF89a", b"<html></html>", b"<svg", b"\xff\xfe", b"<?xml version=\"1.0\"?><x/>"] {
            assert_eq!(why(bytes), NO_PICTURE);
        }
        let whole = photo(20, 20);
        for length in [8, 20, 24, 40, whole.len() - 20] {
            assert_eq!(why(&whole[..length]), NOT_READ, "{length}");
        }
        assert_eq!(why(b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\" height=\"1\"/>"), NOT_READ);
        assert_eq!(why(b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>"), EMPTY);
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
        assert_eq!((mail.width(), mail.height(), safe.mail_size), (480, 96, (240, 48)));
        let red = mail.pixel(240, 40).unwrap().demultiply();
        assert_eq!((red.red(), red.green(), red.blue(), red.alpha()), (200, 30, 30, 255));
        // A small one stays as it is.
        assert_eq!(made_safe(&photo(30, 30)).unwrap().mail_size, (15, 15));
    }
}
