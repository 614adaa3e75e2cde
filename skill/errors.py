"""What can go wrong, each with a message that says what to do."""


class SkillError(Exception):
    """Anything that the person who runs the skill can mend; its message is one clear line."""


class ContentError(SkillError):
    """A content file is missing, malformed, or breaks a rule of what the skill may say."""


class NotCompiledError(SkillError):
    """The compiled content is missing, of another form, or older than its source."""


class StoreUrlError(SkillError):
    """SKILL_STORE, or --store, names no store that the skill knows."""


class StoreUnavailableError(SkillError):
    """The store did not answer in time, refused, or is missing; the turn goes on without it."""


class ReminderError(SkillError):
    """A reminder could not be set, found or cancelled; the turn says so and goes on."""


class NoRemindersError(ReminderError):
    """There is no reminder service here, as on the page and in the terminal."""


class RemindersNotAllowedError(ReminderError):
    """The listener has not given the permission for reminders, or has taken it back."""


class ReminderDeviceError(ReminderError):
    """The device can't sound reminders."""


class TooManyRemindersError(ReminderError):
    """The listener has as many reminders as Alexa keeps."""


class ReminderRefusedError(ReminderError):
    """Alexa did not take a reminder as it was asked for."""


class RemindersBusyError(ReminderError):
    """Alexa was asked too often; a little later it will do."""


class RemindersUnavailableError(ReminderError):
    """Alexa's reminders did not answer in time, or not in a way that can be read."""


class ReminderGoneError(ReminderError):
    """The reminder is not there any more: somebody deleted it in the Alexa app."""


class ConflictError(SkillError):
    """Somebody else saved this listener since it was loaded."""


class ModelError(SkillError):
    """An interaction model is missing or breaks one of Alexa's rules."""


class SettingError(SkillError):
    """An environment variable or an option has a value that can't be used."""
