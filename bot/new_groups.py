"""What a group begins with, by the settings."""

from bot.config import ReminderSettings, Settings
from bot.domain.calendar import Quiet
from bot.domain.reminders import ReminderRules
from bot.services.groups import NewGroup


def new_group(settings: Settings, name: str | None = None) -> NewGroup:
    """Under this name, or under the one that the settings give."""
    group = settings.group
    return NewGroup(
        name or group.name,
        group.timezone,
        group.weekday,
        group.start_time,
        group.duration_minutes,
        group.place,
        group.online_url,
        reminders=_reminders(settings.reminders),
    )


def _reminders(told: ReminderSettings) -> ReminderRules:
    return ReminderRules(
        told.announcement_days or None,
        told.day_before,
        told.soon_minutes or None,
        None if told.open_slots == "off" else told.open_slots,
        told.slides_missing,
        told.video_missing,
        told.no_meeting,
        told.pin,
        told.checklist,
        told.tell_at,
        Quiet(told.quiet_from, told.quiet_until),
        told.online,
        told.card,
    )
