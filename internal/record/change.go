package record

import (
	"encoding/json"
	"strconv"

	"qiao/internal/platform/clock"
)

// texts is what an entry says, field by field, as forms show it and as it is read again.
func (r Record) texts() map[string]string {
	e := r.Entry
	out := map[string]string{
		FieldOwnNumber: e.OwnNumber, FieldInstrument: e.Resource, FieldUser: e.User, FieldUSCC: e.USCC, FieldApplicant: e.Applicant, FieldPhone: e.Phone, FieldEmail: e.Email,
		FieldWays: e.Ways, FieldContent: e.Content, FieldProject: e.Project, FieldIncomes: e.Incomes, FieldAreas: e.Areas, FieldResearch: e.Research, FieldContract: e.Contract,
		FieldInvoice: e.Invoice, FieldReport: e.Report, FieldOpinion: e.Opinion, FieldNote: e.Note, FieldFee: e.Fee.Yuan(), FieldInside: insideNo,
	}
	if e.Inside {
		out[FieldInside] = insideYes
	}
	if e.Hours > 0 {
		out[FieldHours] = hoursText(e.Hours)
	}
	if e.Samples > 0 {
		out[FieldSamples] = strconv.FormatInt(e.Samples, 10)
	}
	layout := clock.DateLayout
	if e.Timed {
		layout = "2006-01-02 15:04"
	}
	out[FieldStart] = clock.Local(e.Start.Time).Format(layout)
	if !e.End.IsZero() {
		out[FieldEnd] = clock.Local(e.End.Time).Format(layout)
	}
	return out
}

// changesOf lists the fields in which two states of a record differ, in the order of the form.
func changesOf(before, after Record) []Change {
	var out []Change
	a, b := before.texts(), after.texts()
	for _, f := range formFields() {
		if a[f] != b[f] {
			out = append(out, Change{Field: f, Before: a[f], After: b[f]})
		}
	}
	return out
}

// formFields are the fields of the form, in its order.
func formFields() []string {
	return []string{
		FieldInstrument, FieldStart, FieldEnd, FieldHours, FieldSamples, FieldFee, FieldUser, FieldUSCC, FieldInside, FieldApplicant, FieldPhone, FieldEmail, FieldWays, FieldContent,
		FieldProject, FieldIncomes, FieldAreas, FieldResearch, FieldContract, FieldInvoice, FieldReport, FieldOpinion, FieldOwnNumber, FieldNote,
	}
}

// changes are what a step changed.
func (x Step) changes() []Change {
	var out []Change
	if json.Unmarshal([]byte(x.Changes), &out) != nil { // we wrote it ourselves; an unreadable one shows nothing
		return nil
	}
	return out
}
