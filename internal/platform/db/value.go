package db

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

// instant is the fixed-width form of every stored instant; its text sorts as time does.
const instant = "2006-01-02T15:04:05.000Z"

// Time is an instant as the database keeps it: UTC text in milliseconds. The column is NOT NULL.
type Time struct{ time.Time }

// At makes a Time, cut to milliseconds.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

// Stamp is the text form of an instant, for comparisons in SQL.
func Stamp(t time.Time) string { return t.UTC().Format(instant) }

// Value writes the fixed-width text.
func (t Time) Value() (driver.Value, error) { return Stamp(t.Time), nil }

// Scan reads the fixed-width text.
func (t *Time) Scan(src any) error {
	s, ok := text(src)
	if !ok {
		return fmt.Errorf("db: %T is not an instant", src)
	}
	at, err := time.Parse(instant, s)
	if err != nil {
		return fmt.Errorf("db: %q is not an instant: %w", s, err)
	}
	t.Time = at
	return nil
}

// MarshalJSON writes the same text.
func (t Time) MarshalJSON() ([]byte, error) { return json.Marshal(Stamp(t.Time)) }

// NullTime is an instant that may be missing: NULL in the database, the zero time in Go.
type NullTime struct{ time.Time }

// NullAt makes a NullTime that is there.
func NullAt(t time.Time) NullTime { return NullTime{At(t).Time} }

// Value writes NULL for the zero time.
func (t NullTime) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil
	}
	return Stamp(t.Time), nil
}

// Scan reads NULL as the zero time.
func (t *NullTime) Scan(src any) error {
	if src == nil {
		t.Time = time.Time{}
		return nil
	}
	var x Time
	if err := x.Scan(src); err != nil {
		return err
	}
	t.Time = x.Time
	return nil
}

// MarshalJSON writes null for the zero time.
func (t NullTime) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(Stamp(t.Time))
}

func text(src any) (string, bool) {
	switch s := src.(type) {
	case string:
		return s, true
	case []byte:
		return string(s), true
	}
	return "", false
}
