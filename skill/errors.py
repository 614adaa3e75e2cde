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


class ConflictError(SkillError):
    """Somebody else saved this listener since it was loaded."""


class ModelError(SkillError):
    """An interaction model is missing or breaks one of Alexa's rules."""


class SettingError(SkillError):
    """An environment variable or an option has a value that can't be used."""
