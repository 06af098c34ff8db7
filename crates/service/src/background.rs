//! What happens without anybody asking: mails are sent, batches are worked on, links expire on time, events are sealed,
//! what is over is swept away, and processes on one database tell one another that something changed.

use std::time::Duration;

use domain::time::Span;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::branding::LOGOS_KEPT;
use crate::live::Change;
use crate::{Keyroll, Result, mail};

/// Jobs that expire in one transaction: others can write in between.
const BATCH: u32 = 500;
/// Even without a deadline in sight the clock is looked at this often: another process may have made a link.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// So long a token is still listed after its end, so that whoever looks why a program stopped finds out.
const ENDED_TOKENS_KEPT: Span = Span::days(30);
/// So long it can be read what became of a batch.
const BATCHES_KEPT: Span = Span::days(30);
/// How often it is looked for batches that another process took on and did not finish.
const LEFT_BATCHES: Duration = Duration::from_secs(5);
const SWEEP: Duration = Duration::from_mins(1);
/// Announcements to other processes are gathered for this long: each takes a lock over the whole instance.
const TICK: Duration = Duration::from_millis(50);
/// How often the embedded database is asked whether the command line changed something.
const LOOK: Duration = Duration::from_millis(250);
/// Events that are sealed together.
const GATHERING: Duration = Duration::from_millis(200);
/// How often the log is looked at for events that another process wrote and did not live to seal.
const LEFT_UNSEALED: Duration = Duration::from_secs(1);
/// After a failure, before the next try.
const PAUSE: Duration = Duration::from_secs(1);

/// The tasks that run beside the requests. Dropping it ends them at once; [`Background::stop`] lets them finish.
pub struct Background {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Background {
    /// Starts them on the current runtime.
    #[must_use]
    pub fn start(keyroll: &Keyroll) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(until(stopped.clone(), expire(keyroll.clone())));
        tasks.spawn(until(stopped.clone(), sweep(keyroll.clone())));
        tasks.spawn(until(stopped.clone(), seal(keyroll.clone())));
        tasks.spawn(until(stopped.clone(), go_on(keyroll.clone())));
        tasks.spawn(until(stopped.clone(), tell_others(keyroll.clone())));
        tasks.spawn(until(stopped.clone(), hear_others(keyroll.clone())));
        tasks.spawn(mail::run(keyroll.clone(), stopped));
        Self { stop, tasks }
    }

    /// Ends the tasks. Whatever they were in the middle of is rolled back and done again after the next start; a mail
    /// that is being sent is sent to its end.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn until(mut stopped: watch::Receiver<bool>, task: impl Future<Output = ()>) {
    tokio::select! {
        _ = stopped.wait_for(|stopped| *stopped) => {}
        () = task => {}
    }
}

/// Logs a failure and waits a little; the loop around it tries again.
async fn survive<T>(what: &'static str, outcome: Result<T>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, what, "a background task failed and will try again");
            tokio::time::sleep(PAUSE).await;
            None
        }
    }
}

/// Ends links at their time: sleeps until the next one is due, or until an earlier one is made.
async fn expire(keyroll: Keyroll) {
    loop {
        let Some(sleep) = survive("expiry", keyroll.expire_due().await).await else { continue };
        tokio::select! {
            () = tokio::time::sleep(sleep) => {}
            () = keyroll.parts().deadline_moved.notified() => {}
        }
    }
}

/// Seals what was committed, gathered for a moment; what other processes left, now and then.
async fn seal(keyroll: Keyroll) {
    loop {
        if survive("sealing events", keyroll.seal_events().await).await == Some(true) {
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(LEFT_UNSEALED) => {}
            () = keyroll.parts().unsealed.notified() => tokio::time::sleep(GATHERING).await,
        }
    }
}

/// Makes the jobs of batches, a piece after the other.
async fn go_on(keyroll: Keyroll) {
    loop {
        if survive("making the jobs of a batch", keyroll.go_on_with_batches().await).await != Some(false) {
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(LEFT_BATCHES) => {}
            () = keyroll.parts().batch_queued.notified() => {}
        }
    }
}

async fn sweep(keyroll: Keyroll) {
    loop {
        survive("sweeping", keyroll.sweep().await).await;
        survive("removing old mails", keyroll.remove_old_mails().await).await;
        survive("removing old events", keyroll.remove_old_events().await).await;
        tokio::time::sleep(SWEEP).await;
    }
}

async fn tell_others(keyroll: Keyroll) {
    let name = keyroll.process_name();
    loop {
        keyroll.parts().committed.notified().await;
        survive("telling other processes", keyroll.store().notify(&name).await.map_err(Into::into)).await;
        tokio::time::sleep(TICK).await;
    }
}

async fn hear_others(keyroll: Keyroll) {
    loop {
        survive("hearing other processes", keyroll.listen_to_others().await).await;
    }
}

impl Keyroll {
    /// Expires what is due, and says how long until something else is.
    pub async fn expire_due(&self) -> Result<Duration> {
        loop {
            let mut tx = self.store().read().await?;
            let Some(next) = tx.next_expiry().await? else { return Ok(LONGEST_SLEEP) };
            drop(tx);
            let now = self.now();
            if next > now {
                let micros = u64::try_from((next - now).micros()).unwrap_or(0);
                return Ok(Duration::from_micros(micros).min(LONGEST_SLEEP));
            }
            let realm = self.realm().await?;
            let mut work = self.system(realm).work(realm).await?;
            work.expire_jobs(BATCH).await?;
            work.commit().await?;
        }
    }

    /// Removes ceremonies that nobody finished, tokens, sessions and batches that are over, and pictures that nothing shows.
    pub async fn sweep(&self) -> Result<()> {
        let mut tx = self.store().write().await?;
        tx.sweep(self.now()).await?;
        tx.sweep_requests(self.now()).await?;
        tx.sweep_tokens(self.now(), self.now() - ENDED_TOKENS_KEPT).await?;
        tx.sweep_batches(self.now() - BATCHES_KEPT).await?;
        tx.forget_logos(self.now() - LOGOS_KEPT).await?;
        Ok(tx.commit().await?)
    }

    fn process_name(&self) -> String {
        self.heard().process_name()
    }

    async fn listen_to_others(&self) -> Result<()> {
        let Some(mut listener) = self.store().listen().await? else { return self.look_for_others().await };
        let own = self.process_name();
        // Whatever was announced before the listening began.
        self.announce(Change::Somewhere);
        loop {
            if listener.next().await?.is_none_or(|process| process != own) {
                self.announce(Change::Somewhere);
            }
        }
    }

    /// The command line works on the embedded database beside the server: its events are seen by looking.
    async fn look_for_others(&self) -> Result<()> {
        loop {
            let latest = self.store().read().await?.latest_event().await?;
            if self.note_event(latest) {
                self.announce(Change::Somewhere);
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}
