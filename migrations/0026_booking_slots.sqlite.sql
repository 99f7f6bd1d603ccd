-- +goose Up
-- No two active bookings of one unit overlap in the time they occupy. There is one writer, so what
-- the trigger sees is all there is.

-- +goose StatementBegin
CREATE TRIGGER booking_overlap BEFORE INSERT ON booking_booking WHEN NEW.active AND EXISTS (
  SELECT 1 FROM booking_booking b WHERE b.resource = NEW.resource AND b.unit = NEW.unit AND b.active
     AND b.from_at < NEW.to_at AND b.to_at > NEW.from_at)
BEGIN
  SELECT RAISE(ABORT, 'booking_overlap');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER booking_overlap_change BEFORE UPDATE ON booking_booking WHEN NEW.active AND EXISTS (
  SELECT 1 FROM booking_booking b WHERE b.holder <> NEW.holder AND b.resource = NEW.resource AND b.unit = NEW.unit AND b.active
     AND b.from_at < NEW.to_at AND b.to_at > NEW.from_at)
BEGIN
  SELECT RAISE(ABORT, 'booking_overlap');
END;
-- +goose StatementEnd
