"""Every sentence of the notices and forms. Kept as plain words here; they are translated where they are shown."""

from django.utils.translation import gettext_noop as _

WORDS: dict[str, str] = {
    "consent_once": _("A few photos of one moment are taken, to guess your mood."),
    "consent_local": _("The photos are read here in the garden and forgotten at once. None is ever saved."),
    "consent_remote": _("A face service outside this house reads the photos: {service}. The garden never saves them."),
    "consent_on_device": _(
        "This kiosk reads the photos itself and forgets them at once. No photo ever leaves this device."
    ),
    "consent_kept": _(
        "The garden remembers a guess of your mood, age group and gender, and what you liked, under a random number."
    ),
    "consent_kept_days": _(
        "A guess of your mood, age group and gender, and what you liked, are kept under a random number for at most "
        "{days} days; then nothing leads back to you."
    ),
    "notice_emotion_ai": _("A computer program (AI) guesses feelings and age from your face. It can be wrong."),
    "notice_free": _("You are free to say no. Without camera you get the same garden."),
    "notice_rights": _(
        "You may see or delete what is kept, take back your consent, or complain to the data protection authority. "
        "Ask the staff, or {contact}."
    ),
    "notice_rights_in_person": _(
        "You may see or delete what is kept, take back your consent, or complain to the data protection authority. "
        "Ask the staff."
    ),
    "notice_rights_staff": _("You may see or delete what is kept. Ask the staff."),
    "notice_purpose": _("Purpose: to choose garden pictures that suit your mood."),
    "notice_items": _(
        "Collected: at most three photos of your face, from them a guess of mood, age group and gender, and your likes."
    ),
    "notice_refuse": _("You may refuse. Then you choose your mood yourself, and lose nothing."),
    "notice_geometry": _(
        "The shape of your face is measured in at most three photos, to guess your mood and age. "
        "It is not used to recognise you."
    ),
    "notice_term": _("The measurements are destroyed within seconds, before you see your answer. None is ever stored."),
    "notice_no_sale": _("Photos and measurements are never sold, rented, traded or shown to anyone."),
    "notice_goodbye": _("When you leave, the garden deletes its guesses and the link between you and what you liked."),
    "agree_collection": _("I agree that the garden collects and uses what was just listed, for this visit."),
    "agree_face_reading": _("I agree that a program reads my face once, to guess my mood and age."),
    "agree_guardian": _("My parent or guardian is with me and agrees for me."),
    "release_informed": _("I have read what is collected, why, and for how long."),
    "release_signed": _(
        "I release the garden to measure my face once for this purpose. Touching “Sign and agree” is my signature."
    ),
    "release_guardian": _("I am this child's legally authorized representative, and I sign this release for them."),
}

FORM_WORDS: dict[str, str] = {
    "agree_title": _("Before the camera looks"),
    "agree_age": _("How old are you?"),
    "agree_of_age": _("I am {age} or older"),
    "agree_younger": _("I am younger than {age}"),
    "agree_not_read": _(
        "The camera here is for people of {age} or older. Choose your mood yourself: the garden is the same."
    ),
    "agree_read": _("Please read, and touch what you agree to."),
    "agree_yes": _("I agree"),
    "agree_sign": _("Sign and agree"),
    "agree_camera_hint": _("The camera looks once"),
    "agree_who": _("Responsible: {controller}"),
    "trouble_notice": _("These words have just changed. Please read them again."),
    "trouble_consent": _("Please agree once more before the camera looks."),
    "trouble_young": _(
        "Perhaps you are too young for the camera here; it is only a guess. Please choose your mood yourself."
    ),
    "trouble_off": _("No face is read here. Please choose your mood yourself."),
    "goodbye_forgotten": _("The garden deletes what it guessed about you, and whose likes these were."),
}
FACELESS_WORDS: dict[str, str] = {
    "faceless_title": _("Here you choose your mood yourself."),
    "faceless_promise": _("No face is read here. The camera stays off."),
    "faceless_kept": _("The garden remembers your mood and what you liked, under a random number."),
}
