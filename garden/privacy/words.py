"""Every sentence of the notices and forms. Kept as plain words here; they are translated where they are shown."""

from django.utils.translation import gettext_noop as _

WORDS: dict[str, str] = {
    "consent_once": _("A few photos of one moment are taken, to guess your mood, age group and gender."),
    "consent_local": _("The photos are read on our own server only and erased at once. None is saved."),
    "consent_remote": _(
        "The photos are sent to a face service outside this site, which reads them: {service}. We do not save them."
    ),
    "consent_on_device": _("This kiosk reads the photos itself and erases them at once. No photo leaves this device."),
    "consent_kept": _(
        "A guess of your mood, age group and gender, and what you liked, are kept under a random number that the "
        "goodbye shows you."
    ),
    "consent_kept_days": _(
        "Kept for at most {days} days, under a random number that the goodbye shows you: a guess of your mood, age "
        "group and gender, and what you liked."
    ),
    "notice_emotion_ai": _(
        "An emotion recognition program (AI) guesses emotion, age group and gender from your face. It can be wrong."
    ),
    "notice_free": _("You are free to say no. Without camera you get the same garden."),
    "notice_rights": _(
        "You may see or delete what is kept, take back your consent, or complain to the data protection authority. "
        "Ask the staff, or {contact}."
    ),
    "notice_rights_in_person": _(
        "You may see or delete what is kept, take back your consent, or complain to the data protection authority. "
        "Ask the staff."
    ),
    "notice_rights_staff": _(
        "You may see or delete what is kept. Ask the staff, with the number that the goodbye showed you."
    ),
    "notice_purpose": _("Purpose: to choose pictures that suit your mood, and to choose better later."),
    "notice_items": _(
        "Collected: at most three photos of your face (not saved), from them a guess of mood, age group and gender, "
        "what you liked and were shown, and this consent."
    ),
    "notice_refuse": _("You may refuse. Then you choose your mood yourself, and lose nothing."),
    "notice_geometry": _(
        "The shape of your face is measured in at most three photos, to guess your mood, age group and gender. It is "
        "not used to recognise you."
    ),
    "notice_term": _("The measurements are destroyed within seconds, before the result is shown. None is stored."),
    "notice_no_sale": _("Photos and measurements are never sold, rented, traded or shown to anyone."),
    "notice_goodbye": _("When you leave, the guesses are deleted, and so is the link between you and what you liked."),
    "agree_collection": _(
        "I agree that what was just listed is collected and used, for the purpose and the time that were told."
    ),
    "agree_face_reading": _(
        "I explicitly agree that a program (AI) reads my face, to guess my mood, age group and gender."
    ),
    "agree_guardian": _("I am this child's parent or legal guardian, and I agree for them."),
    "release_informed": _("I have read what is collected, why, and for how long it is kept."),
    "release_signed": _(
        "With this written release I agree that my face is measured for this purpose. Touching “Sign and agree” is my"
        " signature."
    ),
    "release_guardian": _("I am this minor's legally authorized representative, and I sign this release for them."),
}

FORM_WORDS: dict[str, str] = {
    "agree_title": _("Before the photo is taken"),
    "agree_age": _("How old are you?"),
    "agree_of_age": _("I am {age} or older"),
    "agree_younger": _("I am younger than {age}"),
    "agree_not_read": _(
        "The camera here is for people of {age} or older. Choose your mood yourself: the garden is the same."
    ),
    "agree_read": _("Please read, and tick what you agree to."),
    "agree_yes": _("I agree"),
    "agree_sign": _("Sign and agree"),
    "agree_camera_hint": _("The photo is taken once"),
    "agree_who": _("Controller: {controller}"),
    "trouble_notice": _("These words have just changed. Please read them again."),
    "trouble_consent": _("Please agree once more before the photo is taken."),
    "trouble_young": _(
        "The camera here has an age limit, and the guess of your age may be wrong. Please choose your mood yourself."
    ),
    "trouble_off": _("No face is read here. Please choose your mood yourself."),
    "goodbye_forgotten": _("What was guessed about you is deleted, and so is the record of whose likes these were."),
}
FACELESS_WORDS: dict[str, str] = {
    "faceless_title": _("Here you choose your mood yourself."),
    "faceless_promise": _("No face is read here. The camera stays off."),
    "faceless_kept": _("Your mood and what you liked are kept under a random number that the goodbye shows you."),
}
