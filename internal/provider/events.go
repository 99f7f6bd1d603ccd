package provider

// Moved follows each move of a membership.
type Moved struct {
	Membership string `json:"membership"`
	Number     string `json:"number"`
	Org        string `json:"member"` // not "org": the search index reads that word
	Region     string `json:"region"`
	Verb       string `json:"verb"`
	To         string `json:"to"`
	Until      string `json:"until,omitempty"` // last day of the term
}

// EventName is membership.moved.
func (Moved) EventName() string { return "membership.moved" }

// CertificateMoved follows each move of a certificate.
type CertificateMoved struct {
	Certificate string `json:"certificate"`
	Org         string `json:"holder"`
	Region      string `json:"region"`
	Number      string `json:"number"`
	Verb        string `json:"verb"`
}

// EventName is certificate.moved.
func (CertificateMoved) EventName() string { return "certificate.moved" }

// CertificateTouched follows when what search counts of a resource's or an organisation's certificates has changed.
// The search index follows it: ID is the resource or the organisation.
type CertificateTouched struct {
	ID string `json:"id"`
}

// EventName is certificate.touched.
func (CertificateTouched) EventName() string { return "certificate.touched" }

// CertificateEnding warns that a certificate ends soon, or has ended.
type CertificateEnding struct {
	Certificate string `json:"certificate"`
	Org         string `json:"holder"`
	Kind        string `json:"kind"`
	Number      string `json:"number"`
	To          string `json:"to"`
	Left        int    `json:"left"` // days; negative: it has ended
}

// EventName is certificate.ending.
func (CertificateEnding) EventName() string { return "certificate.ending" }

// ReportDue warns that an instrument has to be reported soon, or is late.
type ReportDue struct {
	Resource string `json:"resource"`
	Name     string `json:"name"`
	Owner    string `json:"owner"`
	Region   string `json:"region"`
	Due      string `json:"due"`
	Left     int    `json:"left"` // days; negative: late
}

// EventName is report.due.
func (ReportDue) EventName() string { return "report.due" }

// AdmissionMoved follows each move of equipment that was not bought with public money.
type AdmissionMoved struct {
	Admission string `json:"admission"`
	Resource  string `json:"resource"`
	Owner     string `json:"owner"`
	Region    string `json:"region"`
	Name      string `json:"name"`
	Verb      string `json:"verb"`
}

// EventName is admission.moved.
func (AdmissionMoved) EventName() string { return "admission.moved" }
