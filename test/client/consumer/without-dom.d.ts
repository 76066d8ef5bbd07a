// What a program without the DOM library declares, if it checks the types of its dependencies: a name that tRPC's use.
type RequestInfo = string | Request;
