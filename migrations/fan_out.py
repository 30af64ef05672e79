"""Installs and removes the triggers of `app/webhooks/delivery/fan_out.sql`."""

from importlib.resources import files

FUNCTIONS = files("app.webhooks.delivery").joinpath("fan_out.sql").read_text(encoding="utf-8")
TRIGGERS_GO = """
DROP TRIGGER reminder_withdrawn ON reminder_timer;
DROP TRIGGER event_fans_out ON event;
DROP FUNCTION cancel_withdrawn_reminder;
DROP FUNCTION fan_out_event;
DROP FUNCTION endpoint_wants;
"""
