//! What senders share: open connections, the pace, and how the server behaves.

use std::num::NonZeroU32;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::sender::Tried;
use super::settings::{MailSettings, SmtpServer};
use super::smtp::Session;

/// A connection that was not used for this long is asked whether it still stands.
const IDLE: Duration = Duration::from_secs(5);
/// Between tries to reach a server that cannot be reached.
pub(super) const FIRST_REST: Duration = Duration::from_secs(2);
const LONGEST_REST: Duration = Duration::from_mins(1);

/// The senders' own: open connections, the pace, and how the server behaves.
#[derive(Default)]
pub struct Post {
    idle: Mutex<Vec<(Instant, Session)>>,
    next: Mutex<Option<Instant>>,
    rest: Mutex<Duration>,
}

impl Post {
    /// Waits until the pace allows the next mail.
    pub(super) async fn pace(&self, settings: &MailSettings) {
        let Some(pace) = settings.pace else { return };
        let at = turn(&mut *self.next.lock().await, Instant::now(), pace);
        tokio::time::sleep_until(at).await;
    }

    pub(super) async fn session(&self, server: &SmtpServer) -> std::result::Result<Session, String> {
        loop {
            let idle = self.idle.lock().await.pop();
            let Some((since, mut session)) = idle else { return Session::open(server).await };
            if since.elapsed() < IDLE || session.is_alive().await {
                return Ok(session);
            }
        }
    }

    pub(super) async fn give_back(&self, session: Session) {
        self.idle.lock().await.push((Instant::now(), session));
    }

    /// Says goodbye on connections that nothing was sent on for a while.
    pub(super) async fn close_unused(&self) {
        let mut idle = self.idle.lock().await;
        let (unused, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut *idle).into_iter().partition(|(since, _)| since.elapsed() >= IDLE);
        *idle = kept;
        drop(idle);
        for (_, session) in unused {
            session.close().await;
        }
    }

    /// How long to leave the server alone.
    pub(super) async fn rest(&self, tried: Tried) -> Option<Duration> {
        let mut rest = self.rest.lock().await;
        if tried == Tried::Unreachable {
            *rest = (*rest * 2).clamp(FIRST_REST, LONGEST_REST);
            return Some(*rest);
        }
        *rest = Duration::ZERO;
        None
    }

    pub(super) async fn close(&self) {
        for (_, session) in std::mem::take(&mut *self.idle.lock().await) {
            session.close().await;
        }
    }
}

/// When the one who asks now may send; `next` becomes when the one after may.
fn turn(next: &mut Option<Instant>, now: Instant, pace: NonZeroU32) -> Instant {
    let at = next.map_or(now, |next| next.max(now));
    *next = Some(at + Duration::from_secs(1) / pace.get());
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_leave_no_faster_than_the_pace_and_save_nothing_up() {
        let (mut next, begun, pace) = (None, Instant::now(), NonZeroU32::new(4).unwrap());
        let after = |at: Instant| (at - begun).as_millis();
        let many: Vec<_> = (0..5).map(|_| after(turn(&mut next, begun, pace))).collect();
        assert_eq!(many, [0, 250, 500, 750, 1_000]);
        // After a quiet hour, one may leave at once, and the next one waits as ever.
        let later = begun + Duration::from_hours(1);
        assert_eq!(turn(&mut next, later, pace), later);
        assert_eq!(turn(&mut next, later, pace), later + Duration::from_millis(250));
    }
}
