-- Whoever did something did it by a press: the audit log says by which. What was written before can't be
-- changed any more, whatever it says.
alter table events add constraint who_acts_presses check (actor is null or interaction_id is not null)
    not valid;
