//! The design system: components on native elements, styled by `style/`.
//!
//! A component here takes data and callbacks and holds view state only (what is unfolded, what is being typed);
//! it never asks the server for anything. Looks hang on classes and `data-` attributes, never on inline styles,
//! because the content security policy allows none.

pub mod button;
pub mod chip;
pub mod choice;
pub mod clock;
pub mod confirm;
pub mod copy;
pub mod dialog;
mod dom;
pub mod doorway;
pub mod each;
pub mod field;
pub mod frame;
pub mod icon;
pub mod menu;
pub mod notice;
pub mod page;
pub mod qr;
pub mod record;
pub mod search;
pub mod summary;
pub mod table;
pub mod tabs;
pub mod text;
pub mod theme;
pub mod timeline;
pub mod toast;
pub mod track;

pub use button::{Button, ButtonKind, IconButton, LinkButton};
pub use chip::{Chip, Status, StatusChip, Tone};
pub use choice::{Checkbox, Choice, RowCheck, RowCheckbox, Select};
pub use clock::Time;
pub use confirm::ConfirmDialog;
pub use copy::{CodeBox, CopyButton};
pub use dialog::{Dialog, DialogWidth};
pub use doorway::{Brand, EnrollmentCard, EnrollmentPhase, SignInCard};
pub use each::Each;
pub use field::{Field, TextArea};
pub use frame::{Frame, NavItem, NavSection};
pub use icon::{Glyph, Icon, Mark};
pub use menu::{Menu, MenuItem, MenuLook, MenuRule};
pub use notice::{Banner, EmptyState, SkeletonRows, Spinner};
pub use page::{Avatar, Breadcrumb, Crumb, Definition, DefinitionList, LiveTitle, PageHeader, Panel};
pub use qr::QrCode;
pub use record::RecordCard;
pub use search::{SearchField, SearchTrigger, as_typed};
pub use summary::{SummaryBar, SummaryPart};
pub use table::{ColumnWidth, DataTable, FilterBar, Pager, Row, SelectionBar, Sort, TableBody, TableHead, Td, Th};
pub use tabs::{TabItem, Tabs};
pub use text::{grouped, initials};
pub use theme::ThemeSwitch;
pub use timeline::{Timeline, TimelineItem, TimelineLine};
pub use toast::{ToastHost, Toasts, provide_toasts, use_toasts};
pub use track::{Track, TrackState};
