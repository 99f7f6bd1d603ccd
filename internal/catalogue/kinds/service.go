//i18n:data labels of fields, kept in both languages side by side

package kinds

// service is what an enterprise needs to commission a test or a piece of work.
func service() []Field {
	own := []Field{
		{Name: "class", ZH: "服务类别", EN: "Service class", Type: One, Core: true, Required: true, Facet: true, Publish: true, Group: "basic", Choices: ServiceClasses(), Also: []string{"服务类型", "service class", "type of service"}},
		subjects(),
		{Name: "methods", ZH: "依据标准或方法", EN: "Standards or methods", Type: List, Items: 20, Max: 80, Group: "technical", HintZH: "例如 GB/T 228.1-2021，用逗号分隔。", HintEN: "For example GB/T 228.1-2021; separate by commas.", Also: []string{"检测标准", "依据标准", "methods", "standards"}},
		{Name: "parameters", ZH: "检测参数", EN: "Parameters", Type: List, Items: 30, Max: 60, Group: "technical", Also: []string{"检测项目", "parameters"}},
		{Name: "accreditation", ZH: "资质", EN: "Accreditation", Type: Many, Items: 5, Group: "technical", Choices: []Choice{
			{"CMA", "CMA 检验检测机构资质认定", "CMA (China metrology accreditation)", nil}, {"CNAS", "CNAS 实验室认可", "CNAS laboratory accreditation", nil}, {"CAL", "CAL 授权", "CAL authorisation", nil}, {"无", "无", "None", []string{"none"}}}},
		{Name: "samples", ZH: "样品要求", EN: "Sample requirements", Type: Long, Max: 1000, Group: "service", Also: []string{"送样要求", "sample requirements"}},
		{Name: "turnaround", ZH: "服务周期", EN: "Turnaround", Type: Number, Max: 3, Group: "service", UnitZH: "个工作日", UnitEN: "working days", Wanted: true, Also: []string{"周期", "周期工作日", "turnaround", "turnaround days"}},
		{Name: "deliverable", ZH: "交付物", EN: "Deliverable", Type: Text, Max: 200, Group: "service", Also: []string{"报告形式", "deliverable"}},
		{Name: "requirement", ZH: "服务须知", EN: "Terms of service", Type: Long, Max: 500, Group: "service"},
	}
	return common(append(own, enquiry()...)...)
}

// enquiry is what one has to know to order a novelty search or the delivery of literature.
func enquiry() []Field {
	return []Field{
		{Name: "enquiry_topics", ZH: "受理主题", EN: "Topics taken", Type: List, Items: 20, Max: 60, Group: "enquiry", HintZH: "受理查新或检索的专业范围，用逗号分隔。", HintEN: "Fields in which searches are taken; separate by commas."},
		{Name: "enquiry_scope", ZH: "检索范围", EN: "Scope of the search", Type: Many, Items: 3, Facet: true, Group: "enquiry", Choices: []Choice{
			{"national", "国内查新", "National", []string{"国内"}}, {"international", "国外查新", "International", []string{"国外", "国际"}}, {"both", "国内外查新", "National and international", []string{"国内外"}}}},
		{Name: "enquiry_languages", ZH: "检索语种", EN: "Languages of the query", Type: Many, Items: 12, Group: "enquiry", Choices: Languages()},
		{Name: "enquiry_purposes", ZH: "查新用途", EN: "Purposes", Type: Many, Items: 6, Group: "enquiry", Choices: []Choice{
			{"project", "立项查新", "Starting a project", []string{"立项"}}, {"result", "成果查新", "Assessing a result", []string{"成果鉴定", "验收"}}, {"award", "报奖查新", "Applying for an award", []string{"报奖"}}, {"product", "新产品查新", "A new product", []string{"新产品"}}, {"patent", "专利查新", "A patent", nil}}},
		{Name: "databases", ZH: "检索数据库", EN: "Databases", Type: List, Items: 40, Max: 60, Group: "enquiry"},
		{Name: "urgent_days", ZH: "加急周期", EN: "Urgent turnaround", Type: Number, Max: 3, Group: "enquiry", UnitZH: "个工作日", UnitEN: "working days"},
		{Name: "station_no", ZH: "查新机构资质编号", EN: "Number of the search station", Type: Text, Max: 60, Group: "enquiry"},
		{Name: "delivery_ways", ZH: "传递方式", EN: "Ways of delivery", Type: Many, Items: 4, Group: "enquiry", Choices: []Choice{
			{"mail", "电子邮件", "By e-mail", []string{"邮件"}}, {"online", "在线下载", "Download", nil}, {"post", "邮寄", "By post", nil}, {"loan", "馆际互借", "Interlibrary loan", nil}}},
	}
}

// ServiceClasses are the kinds of service that vouchers buy: the union of the lists of Shanghai, Zhejiang and Hebei.
func ServiceClasses() []Choice {
	return []Choice{
		{"test", "检验检测", "Testing and inspection", []string{"测试", "检测", "测试检测", "分析测试"}},
		{"joint", "合作研发", "Joint research", []string{"合作开发"}},
		{"contract", "委托开发", "Contract research", []string{"委托研发"}},
		{"design", "研发设计", "Research and design", []string{"产品设计", "设计"}},
		{"solution", "技术解决方案", "Technical solutions", []string{"技术服务"}},
		{"pilot", "概念验证与中试", "Proof of concept and pilot", []string{"中试", "小试", "概念验证"}},
		{"computing", "算力与软件测试", "Computing and software tests", []string{"算力", "软件测试"}},
		{"search", "科技查新", "Novelty search", []string{"查新"}},
		{"delivery", "文献传递", "Literature delivery", []string{"原文传递", "文献服务", "文献检索"}},
		{"data", "数据服务", "Data services", []string{"科学数据服务"}},
		{"transfer", "技术转移", "Technology transfer", []string{"技术转让"}},
		{"consulting", "科技咨询", "Consulting", []string{"咨询", "知识产权"}},
		{"training", "科技培训", "Training", []string{"培训"}},
		{"other", "其他服务", "Other", []string{"其他", "其它"}},
	}
}
