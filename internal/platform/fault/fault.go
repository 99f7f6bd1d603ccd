// Package fault is the one error type that carries a sentence for people.
//
// A fault has a kind (which decides the HTTP status), a stable code (which programs rely on), a
// public sentence in Chinese (its English lies in the module's en.json) and, for forms, the fields
// that are wrong. Its cause is for the log and is never shown.
package fault

import (
	"errors"
	"net/http"
	"strings"
)

// Kind says what went wrong in the large.
type Kind int

// The kinds and their HTTP status.
const (
	Internal        Kind = http.StatusInternalServerError
	BadRequest      Kind = http.StatusBadRequest
	Unauthenticated Kind = http.StatusUnauthorized
	Forbidden       Kind = http.StatusForbidden
	NotFound        Kind = http.StatusNotFound
	Conflict        Kind = http.StatusConflict
	Gone            Kind = http.StatusGone
	Precondition    Kind = http.StatusPreconditionFailed
	TooLarge        Kind = http.StatusRequestEntityTooLarge
	Unsupported     Kind = http.StatusUnsupportedMediaType
	Invalid         Kind = http.StatusUnprocessableEntity
	TooMany         Kind = http.StatusTooManyRequests
	Unavailable     Kind = http.StatusServiceUnavailable
)

// Field is one wrong field of a form or a body.
type Field struct {
	Name string // as the form or body names it
	Code string // stable, e.g. "required"
	Text string // public sentence, Chinese, with {0} for arguments
	Args []any
}

// Error is a fault.
type Error struct {
	Kind   Kind
	Code   string
	Text   string
	Args   []any
	Fields []Field
	cause  error
}

// New makes a fault with its public sentence.
func New(kind Kind, code, text string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Text: text, Args: args}
}

// Field adds a wrong field and returns e.
func (e *Error) Field(name, code, text string, args ...any) *Error {
	e.Fields = append(e.Fields, Field{name, code, text, args})
	return e
}

// Because keeps the internal cause, for the log only, and returns e.
func (e *Error) Because(err error) *Error {
	e.cause = err
	return e
}

// Error is for the log, in Chinese and with the cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code + ": " + e.Text)
	for _, f := range e.Fields {
		b.WriteString("; " + f.Name + " " + f.Code)
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// Of finds the fault in err's chain; an error that is none becomes an Internal fault with err as its cause.
func Of(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return New(Internal, "internal", "系统出了问题，请稍后再试；如仍不行，请把请求编号告诉我们。").Because(err)
}

// Is tells whether err is a fault with this code.
func Is(err error, code string) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}
