package catalogue

import "qiao/internal/platform/i18n"

var t = i18n.T
