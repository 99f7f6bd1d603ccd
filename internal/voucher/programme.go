package voucher

import (
	"qiao/internal/platform/db"
	"qiao/internal/voucher/scheme"
)

// Programme is a voucher programme of one authority; its rules are its Terms.
type Programme struct {
	ID        string  `db:"id"`
	Authority string  `db:"authority"` // organisation that runs it, and funds it unless the terms name others
	Region    string  `db:"region"`
	NameZH    string  `db:"name_zh"`
	NameEN    string  `db:"name_en"`
	SummaryZH string  `db:"summary_zh"`
	SummaryEN string  `db:"summary_en"`
	OpensOn   string  `db:"opens_on"`  // applications from this day …
	ClosesOn  string  `db:"closes_on"` // … to this day, both included
	Sample    bool    `db:"sample"`
	Revision  int64   `db:"revision"`
	CreatedAt db.Time `db:"created_at"`

	Terms scheme.Terms `db:"-"` // in force on the day it was read for
}

// Name is the programme's name in both languages.
func (p Programme) Name() scheme.Name { return scheme.Name{ZH: p.NameZH, EN: p.NameEN} }

// Draft is the programme as its authority could hand it in again.
func (p Programme) Draft() scheme.Draft {
	return scheme.Draft{
		Region: p.Region, Name: p.Name(), Summary: scheme.Name{ZH: p.SummaryZH, EN: p.SummaryEN}, OpensOn: p.OpensOn, ClosesOn: p.ClosesOn, Sample: p.Sample, Terms: p.Terms,
	}
}

// Open tells whether applications are taken on a civil day.
func (p Programme) Open(day string) bool { return p.OpensOn <= day && day <= p.ClosesOn }
