using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Svom.Access;
using Svom.Bursts;
using Svom.Documents;
using Svom.Feeds;
using Svom.Monitoring;
using Svom.Notifications;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Pages;
using Svom.Requests;
using Svom.Stations;

namespace Svom.Hosting;

/// <summary>The doors: REST, its reference, health, first page, and gRPC.</summary>
public static class GatewayRegistration
{
    /// <summary>
    /// Registers the door. The composition root adds an <see cref="IGrainFactory"/> (any Orleans host has one), an
    /// <see cref="IOperatorToken"/> where there is one, and its health checks.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configuration">Root of the configuration; null: the host's own.</param>
    public static IServiceCollection AddGateway(this IServiceCollection services, IConfiguration? configuration = null)
    {
        var options = services.AddOptions<GatewayOptions>().ValidateOnStart();
        _ = configuration is null ? options.BindConfiguration(GatewayOptions.Section) : options.Bind(configuration.GetSection(GatewayOptions.Section));
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        services.AddSingleton<IngestTurns>().AddSingleton<FeedReader>().AddSingleton<EventReaders>();
        services.TryAddSingleton(TimeProvider.System);

        services.TryAddSingleton(static services => new TokenDesk(services.GetRequiredService<IGrainFactory>(), services.GetService<IOperatorToken>()));
        services.AddAuthentication(BearerAuthentication.SchemeName).AddScheme<AuthenticationSchemeOptions, BearerAuthentication>(BearerAuthentication.SchemeName, null);
        services.AddAuthorization();
        services.AddSingleton<IAuthorizationHandler, DeedHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessAnswers>();

        services.Configure<RouteOptions>(static routes => routes.SetParameterPolicy<NoticeIdConstraint>("notice"));
        services.ConfigureHttpJsonOptions(static json => DoorJson.Apply(json.SerializerOptions));
        services.Configure<KestrelServerOptions>(static server => server.AddServerHeader = false);
        services.AddOpenApi("v1", ApiDescription.Configure);
        services.AddHealthChecks();
        services.AddGrpcDoor(configuration);
        return services.AddTransient<IStartupFilter, Threshold>();
    }

    /// <summary>Maps every call of the door.</summary>
    public static WebApplication MapGateway(this WebApplication app)
    {
        app.UseMiddleware<FaultGuard>(); // Inside of the developer's error page, which would show stack traces.
        app.UseMiddleware<CallAnswers>();
        var api = app.MapGroup("/api/v1").AddEndpointFilter(QueryGuard.CheckAsync);
        api.MapIngest();
        api.MapPackets();
        api.MapBursts();
        api.MapBurstActs();
        api.MapBurstMessages();
        api.MapNotices();
        api.MapStations();
        api.MapAlarms();
        api.MapReplays();
        api.MapEvents();
        api.MapTokens();
        app.MapGrpcDoor();
        app.MapDocuments();
        app.MapPages();
        app.MapHealth();
        return app;
    }

    /// <summary>What every request passes first, also those of endpoints that others map into the same application.</summary>
    private sealed class Threshold : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseMiddleware<HostGuard>();
            app.UseStatusCodePages(static context => Bare(context.HttpContext));
            app.UseMiddleware<FaultGuard>();
            next(app);
        };

        // Routing answers 404 and 405 without a word.
        private static Task Bare(HttpContext http)
        {
            var kind = ProblemTypes.ForStatus(http.Response.StatusCode);
            return new Problem(kind, kind.Meaning).ExecuteAsync(http);
        }
    }
}
