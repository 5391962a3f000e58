using System.CommandLine;
using Svom.Simulation;

var root = new RootCommand("Plays the satellite and its station network into a running platform") { PlayCommand.Make(), LoadCommand.Make() };
return await root.Parse(args).InvokeAsync();
